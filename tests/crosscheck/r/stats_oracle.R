# The tests and intervals of src/stats as R computes them: base R's own functions where they exist (and car's Levene test),
# the published formula where base R has none (Brown-Forsythe's F*).
# usage: Rscript stats_oracle.R generated.csv data_out.csv results_out.csv
# generated.csv holds set,group,value; data_out.csv the same with R's own data sets added; results set,name,value.
suppressPackageStartupMessages(library(car))
options(digits = 17, warn = -1)
arguments <- commandArgs(trailingOnly = TRUE)

columns <- function(name, ...) {
  groups <- list(...)
  do.call(rbind, lapply(seq_along(groups), function(i) data.frame(set = name, group = i, value = as.numeric(groups[[i]]))))
}
by_factor <- function(name, value, factor) {
  keep <- !is.na(value)
  do.call(columns, c(list(name), unname(split(value[keep], droplevels(as.factor(factor))[keep]))))
}
own <- rbind(
  by_factor("sleep", sleep$extra, sleep$group), by_factor("iris", iris$Sepal.Length, iris$Species),
  by_factor("PlantGrowth", PlantGrowth$weight, PlantGrowth$group), by_factor("InsectSprays", InsectSprays$count, InsectSprays$spray),
  by_factor("chickwts", chickwts$weight, chickwts$feed), by_factor("ToothGrowth", ToothGrowth$len, ToothGrowth$dose),
  by_factor("warpbreaks", warpbreaks$breaks, warpbreaks$tension), by_factor("mtcars", mtcars$mpg, mtcars$cyl),
  by_factor("airquality", airquality$Temp, airquality$Month), by_factor("npk", npk$yield, npk$block),
  columns("cars", cars$speed, cars$dist), columns("women", women$height, women$weight),
  columns("faithful", faithful$eruptions, faithful$waiting), columns("trees", trees$Girth, trees$Volume))
data <- rbind(read.csv(arguments[1]), own)
write.csv(format(data, digits = 17, trim = TRUE), arguments[2], row.names = FALSE, quote = FALSE)

results <- list()
put <- function(set, name, value) results[[length(results) + 1]] <<- data.frame(set = set, name = name, value = as.numeric(value))

for (set in unique(data$set)) {
  d <- data[data$set == set, ]
  g <- unname(split(d$value, d$group))
  f <- factor(d$group)
  x <- g[[1]]; y <- g[[2]]
  put(set, c("mean", "sd", "q10", "q50", "q90"), c(mean(x), sd(x), quantile(x, c(0.1, 0.5, 0.9), type = 7)))
  put(set, c("mean_low", "mean_high"), t.test(x, conf.level = 0.9)$conf.int)
  one <- t.test(x, mu = 1.5)
  put(set, c("one_t", "one_p", "one_low", "one_high"), c(one$statistic, one$p.value, one$conf.int))
  student <- t.test(x, y, var.equal = TRUE)
  put(set, c("student_t", "student_p", "student_low", "student_high"), c(student$statistic, student$p.value, student$conf.int))
  welch <- t.test(x, y, conf.level = 0.99)
  put(set, c("welch_t", "welch_df", "welch_p", "welch_low", "welch_high"),
      c(welch$statistic, welch$parameter, welch$p.value, welch$conf.int))
  bound <- 0.5 * sd(c(x, y))
  put(set, "tost_p", max(t.test(x, y, mu = -bound, alternative = "greater")$p.value,
                         t.test(x, y, mu = bound, alternative = "less")$p.value))
  if (length(x) == length(y) && length(x) > 3) {
    paired <- t.test(x, y, paired = TRUE)
    put(set, c("paired_t", "paired_p"), c(paired$statistic, paired$p.value))
    r <- cor.test(x, y)
    put(set, c("r", "r_p", "r_low", "r_high"), c(r$estimate, r$p.value, r$conf.int))
  }
  table <- summary(aov(value ~ f, d))[[1]]
  put(set, c("anova_f", "anova_p", "anova_between", "anova_within"),
      c(table[["F value"]][1], table[["Pr(>F)"]][1], table[["Sum Sq"]]))
  levene <- leveneTest(d$value, f, center = median)
  put(set, c("levene_f", "levene_p"), c(levene[["F value"]][1], levene[["Pr(>F)"]][1]))
  n <- sapply(g, length); m <- sapply(g, mean); v <- sapply(g, var); N <- sum(n)
  w <- (1 - n / N) * v
  bf <- sum(n * (m - mean(d$value))^2) / sum(w)
  bf_df <- 1 / sum((w / sum(w))^2 / (n - 1))
  put(set, c("bf_f", "bf_df", "bf_p"), c(bf, bf_df, pf(bf, length(g) - 1, bf_df, lower.tail = FALSE)))
  tukey <- TukeyHSD(aov(value ~ f, d))$f
  k <- length(g)
  p <- 0
  for (i in seq_len(k - 1)) for (j in (i + 1):k) {  # TukeyHSD's own order of pairs
    p <- p + 1
    put(set, paste0(c("tukey_diff_", "tukey_low_", "tukey_high_", "tukey_p_"), i - 1, "_", j - 1), tukey[p, ])
  }
  raw <- sapply(g, function(v) t.test(v, mu = 1.5)$p.value)
  put(set, paste0("holm_", seq_along(raw) - 1), p.adjust(raw, "holm"))
  if (!any(duplicated(x)) && length(x) < 100) {
    ks <- ks.test(x, "pnorm", mean = 1.2 * median(x), sd = 2 * IQR(x), exact = TRUE)
    put(set, c("ks_d", "ks_p"), c(ks$statistic, ks$p.value))
  }
  if (all(abs(x) > 0.01)) {
    chi <- chisq.test(abs(x), p = seq_along(x), rescale.p = TRUE)
    put(set, c("chi_x", "chi_p"), c(chi$statistic, chi$p.value))
  }
}
# Not with 2 or 3 degrees of freedom, where R's ptukey is off by 1e-4 and 3e-6: P(Q <= 2) of two groups with two degrees is
# 1/sqrt(2), R gives 0.70713. The unit tests compare these with closed forms and quadrature.
for (k in c(2, 3, 5, 10, 30)) for (df in c(6, 12, 40, 200, 5000, Inf)) {
  for (q in c(0.5, 2, 3.5, 5, 8)) put("ptukey", paste(k, df, q), ptukey(q, k, df))
  for (p in c(0.5, 0.9, 0.95, 0.99)) put("qtukey", paste(k, df, p), qtukey(p, k, df))
}
write.csv(format(do.call(rbind, results), digits = 17, trim = TRUE), arguments[3], row.names = FALSE, quote = FALSE)
