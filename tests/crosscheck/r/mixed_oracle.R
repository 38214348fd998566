# Linear mixed models by restricted maximum likelihood with nlme.
# usage: Rscript mixed_oracle.R generated.csv data_out.csv results_out.csv
# generated.csv holds set,subject,day,arm,y; data_out.csv the same with R's own growth data added. The fixed effects are
# day x arm, the random ones a level ("level") or a level and a slope ("slope") per subject.
suppressPackageStartupMessages(library(nlme))
options(digits = 17, warn = -1)
arguments <- commandArgs(trailingOnly = TRUE)
set_of <- function(name, subject, day, arm, y)
  data.frame(set = name, subject = as.integer(factor(as.character(subject))), day = as.numeric(day), arm = as.integer(factor(arm)) - 1L, y = as.numeric(y))
own <- rbind(with(Orthodont, set_of("Orthodont", Subject, age, Sex, distance)),
             with(BodyWeight, set_of("BodyWeight", Rat, Time, Diet == 1, log(weight))),
             with(ChickWeight, set_of("ChickWeight", Chick, Time, Diet == 1, log(weight))),
             with(Oxboys, set_of("Oxboys", Subject, age, as.integer(as.character(Subject)) > 13, height)),
             with(Loblolly, set_of("Loblolly", Seed, sqrt(age), as.integer(as.character(Seed)) > 311, height)),
             with(Orange, set_of("Orange", Tree, age / 100, Tree %in% 1:2, log(circumference))))
data <- rbind(read.csv(arguments[1]), own)
write.csv(format(data, digits = 17, trim = TRUE), arguments[2], row.names = FALSE, quote = FALSE)
results <- list()
put <- function(set, name, value) results[[length(results) + 1]] <<- data.frame(set = set, name = name, value = as.numeric(value))
control <- lmeControl(maxIter = 500, msMaxIter = 500, niterEM = 100, tolerance = 1e-12, msTol = 1e-13)
for (set in unique(data$set)) for (model in c("level", "slope")) {
  d <- data[data$set == set, ]
  fit <- try(lme(y ~ day * arm, random = if (model == "level") ~ 1 | subject else ~ day | subject, d, method = "REML", control = control), silent = TRUE)
  if (inherits(fit, "try-error")) { put(set, paste(model, "failed"), 1); next }
  t <- summary(fit)$tTable
  k <- seq_len(nrow(t)) - 1
  for (column in c("Value", "Std.Error", "DF", "t-value", "p-value")) put(set, paste(model, column, k), t[, column])
  limits <- intervals(fit, which = "fixed")$fixed
  put(set, paste(model, "low", k), limits[, "lower"])
  put(set, paste(model, "high", k), limits[, "upper"])
  put(set, paste(model, "logLik"), logLik(fit))
  put(set, paste(model, "sigma"), fit$sigma)
  D <- getVarCov(fit)
  put(set, paste(model, "D", seq_along(D) - 1), as.vector(D))
  b <- ranef(fit)
  for (j in seq_len(ncol(b))) put(set, paste(model, "b", j - 1, as.integer(rownames(b))), b[, j])
}
write.csv(format(do.call(rbind, results), digits = 17, trim = TRUE), arguments[3], row.names = FALSE, quote = FALSE)
