# Linear models per gene, moderated tests and quantile normalisation by limma.
# usage: Rscript limma_oracle.R generated.csv data_out.csv results_out.csv
# generated.csv holds set,gene,sample,value in order, NA where missing; data_out.csv the same with R's own tables added.
# The design is an intercept, the second half of the samples, and from 8 samples on a wave; tables without missing values
# also go through three groups and two contrasts, and those of an even number of samples through pairs.
suppressPackageStartupMessages(library(limma))
options(digits = 17, warn = -1)
arguments <- commandArgs(trailingOnly = TRUE)
long <- function(name, m) data.frame(set = name, gene = as.vector(row(m)), sample = as.vector(col(m)), value = as.vector(m))
generated <- read.csv(arguments[1])
own <- rbind(long("volcano", volcano[, 1:12]), long("states", log2(state.x77 + 1)), long("attitude", as.matrix(attitude)),
             long("airquality", as.matrix(airquality)), long("swiss", as.matrix(swiss)), long("stocks", log2(unclass(EuStockMarkets))[1:400, ]))
data <- rbind(generated, own)
data$value <- ifelse(is.na(data$value), "NA", format(data$value, digits = 17, trim = TRUE))
write.csv(data, arguments[2], row.names = FALSE, quote = FALSE)
data$value <- as.numeric(data$value)

results <- list()
put <- function(set, name, value) results[[length(results) + 1]] <<- data.frame(set = set, name = name, value = as.numeric(value))
report <- function(set, id, fit) {
  fit <- eBayes(fit)
  g <- seq_len(nrow(fit$coefficients)) - 1
  put(set, paste(id, c("prior df", "prior variance")), c(fit$df.prior, fit$s2.prior))
  for (k in seq_len(ncol(fit$coefficients))) {
    for (column in c("coefficients", "stdev.unscaled", "t", "p.value", "lods")) put(set, paste(id, column, k - 1, g), fit[[column]][, k])
    put(set, paste(id, "adjusted", k - 1, g), p.adjust(fit$p.value[, k], "BH"))
  }
  put(set, paste(id, "sigma", g), fit$sigma)
  put(set, paste(id, "df", g), fit$df.residual)
  put(set, paste(id, "posterior", g), fit$s2.post)
  put(set, paste(id, "mean", g), fit$Amean)
}
for (set in unique(data$set)) {
  d <- data[data$set == set, ]
  m <- matrix(0, max(d$gene), max(d$sample)); m[cbind(d$gene, d$sample)] <- d$value
  n <- ncol(m); i <- seq_len(n) - 1
  design <- cbind(1, i >= floor(n / 2))
  if (n >= 8) design <- cbind(design, i %% 3)
  report(set, "lm", lmFit(m, design))
  if (!anyNA(m) && n >= 6) {
    three <- model.matrix(~ 0 + factor(i %% 3))
    report(set, "contrast", contrasts.fit(lmFit(m, three), cbind(c(-1, 1, 0), c(-0.5, -0.5, 1))))
  }
  if (!anyNA(m) && n >= 6 && n %% 2 == 0) {  # pairs as fixed effects
    pairs <- cbind(model.matrix(~ 0 + factor(i %% (n / 2))), i >= n / 2)
    report(set, "block", contrasts.fit(lmFit(m, pairs), c(rep(0, n / 2), 1)))
  }
  q <- normalizeQuantiles(m)
  put(set, paste("quantile", as.vector(row(q)) - 1, as.vector(col(q)) - 1), as.vector(q))
}
write.csv(format(do.call(rbind, results), digits = 17, trim = TRUE), arguments[3], row.names = FALSE, quote = FALSE)
