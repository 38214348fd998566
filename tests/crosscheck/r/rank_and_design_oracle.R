# Rank tests, two-way analysis of variance, Dunnett, normality, equal variances, adjusted p values, effect sizes and power as R
# computes them: base R's and car's functions where they exist, the defining integral or formula where base R has none.
# usage: Rscript rank_and_design_oracle.R generated.csv data_out.csv results_out.csv
# generated.csv holds set,a,b,value; data_out.csv the same with R's own data sets added; results set,name,value.
suppressPackageStartupMessages(library(car))
options(digits = 17, warn = -1)
arguments <- commandArgs(trailingOnly = TRUE)

own_set <- function(name, value, a, b) {
  keep <- !is.na(value)
  data.frame(set = name, a = as.integer(droplevels(as.factor(a)[keep])), b = as.integer(droplevels(as.factor(b)[keep])),
             value = as.numeric(value[keep]))
}
own <- rbind(
  own_set("ToothGrowth", ToothGrowth$len, ToothGrowth$supp, ToothGrowth$dose), own_set("warpbreaks", warpbreaks$breaks, warpbreaks$tension, warpbreaks$wool),
  own_set("mtcars", mtcars$mpg, mtcars$cyl, mtcars$am), own_set("mtcars2", mtcars$qsec, mtcars$gear, mtcars$cyl),
  own_set("npk", npk$yield, npk$N, npk$P), own_set("npk2", npk$yield, npk$block, npk$K),
  own_set("CO2", CO2$uptake, CO2$Type, CO2$Treatment), own_set("iris", iris$Sepal.Length, iris$Species, rep(1:2, 75)),
  own_set("chickwts", chickwts$weight, chickwts$feed, rep(1:3, length.out = 71)), own_set("InsectSprays", InsectSprays$count, InsectSprays$spray, rep(1:4, 18)),
  own_set("airquality", airquality$Ozone, airquality$Month, airquality$Temp > 80), own_set("PlantGrowth", PlantGrowth$weight, PlantGrowth$group, rep(1:2, 15)),
  own_set("sleep", sleep$extra, sleep$group, rep(1:2, 10)), own_set("esoph", esoph$ncontrols, esoph$agegp, esoph$alcgp))
generated <- read.csv(arguments[1])
data <- rbind(generated, own)
write.csv(format(data, digits = 17, trim = TRUE), arguments[2], row.names = FALSE, quote = FALSE)

results <- list()
put <- function(set, name, value) results[[length(results) + 1]] <<- data.frame(set = set, name = name, value = as.numeric(value))

# P(max |T_i| >= d): Simpson's rule over the shared normal (twice as fine changes nothing before the twelfth digit), R's adaptive
# quadrature over the scale.
nodes <- seq(0, 12, by = 0.03125); simpson <- c(1, rep(c(4, 2), length.out = length(nodes) - 2), 1) * 0.03125 / 3 * 2 * dnorm(nodes)
dunnett_upper <- function(d, l, df) {
  t <- sqrt(1 - l^2)
  joint <- function(s) {
    w <- matrix(d * s, length(nodes), length(s), byrow = TRUE)
    log_inside <- matrix(0, length(nodes), length(s))
    for (i in seq_along(l)) log_inside <- log_inside + log1p(-pmin(pnorm((l[i] * nodes - w) / t[i]) + pnorm((-l[i] * nodes - w) / t[i]), 1))
    2 * df * s * dchisq(df * s^2, df) * colSums(simpson * -expm1(log_inside))
  }
  sum(sapply(1:4, function(i) integrate(joint, c(0, 0.7, 1.3, 2.5)[i], c(0.7, 1.3, 2.5, 6)[i], rel.tol = 1e-10, subdivisions = 1000)$value))
}
permutations <- function(v) if (length(v) <= 1) list(v) else do.call(c, lapply(seq_along(v), function(i) lapply(permutations(v[-i]), function(z) c(v[i], z))))
limits <- function(upper, wanted, low, high) uniroot(function(v) upper(v) - wanted, c(low, high), tol = 1e-12, extendInt = "upX")$root

index <- 0
for (set in unique(data$set)) {
  index <- index + 1
  d <- data[data$set == set, ]
  d$a <- factor(d$a); d$b <- factor(d$b)
  g <- unname(split(d$value, d$a))
  x <- g[[1]]; y <- g[[2]]
  n <- length(x); m <- length(y)
  w <- wilcox.test(x, y, conf.int = TRUE, conf.level = 0.9, tol.root = 1e-13)
  put(set, c("mw_w", "mw_p", "mw_exact", "mw_low", "mw_high", "mw_shift"),
      c(w$statistic, w$p.value, grepl("exact", w$method), w$conf.int, median(outer(x, y, "-"))))
  kw <- kruskal.test(g)
  put(set, c("kw_h", "kw_p"), c(kw$statistic, kw$p.value))
  # Over all ways to deal the ranks out, ties included: the share at least as far from its mean.
  if (choose(n + m, n) <= 2e4) {
    r <- rank(c(x, y)); sums <- combn(n + m, n, function(i) sum(r[i])); E <- n * (n + m + 1) / 2
    put(set, "mw_perm", mean(abs(sums - E) >= abs(sum(r[1:n]) - E) - 1e-9))
  }
  sizes <- sapply(g, length); N <- sum(sizes)
  if (length(g) == 3 && choose(N, sizes[1]) * choose(N - sizes[1], sizes[2]) <= 4e4) {
    r <- rank(unlist(g)) - (N + 1) / 2
    between <- function(i, j) sum(r[i])^2 / sizes[1] + sum(r[j])^2 / sizes[2] + sum(r[-c(i, j)])^2 / sizes[3]
    all <- unlist(combn(N, sizes[1], function(i) { left <- setdiff(seq_len(N), i); combn(length(left), sizes[2], function(j) between(i, left[j])) }, simplify = FALSE))
    put(set, "kw_perm", mean(all >= between(seq_len(sizes[1]), sizes[1] + seq_len(sizes[2])) * (1 - 1e-9)))
  }
  k <- min(n, m)
  if (k >= 4 && sd(x[1:k]) > 0 && sd(y[1:k]) > 0) {
    s <- cor.test(x[1:k], y[1:k], method = "spearman")
    if (k <= 7) {
      a <- rank(x[1:k]); b <- rank(y[1:k]); sums <- sapply(permutations(b), function(z) sum(a * z)); E <- k * ((k + 1) / 2)^2
      put(set, "sp_perm", mean(abs(sums - E) >= abs(sum(a * b) - E) - 1e-9))
    }
    half <- qnorm(0.975) * sqrt((1 + s$estimate^2 / 2) / (k - 3))
    put(set, c("sp_rho", "sp_s", "sp_p", "sp_low", "sp_high"), c(s$estimate, s$statistic, s$p.value, tanh(atanh(s$estimate) + c(-1, 1) * half)))
  }
  if (n >= 3 && sd(x) > 0) {
    sw <- shapiro.test(x)
    put(set, c("sw_w", "sw_p"), c(sw$statistic, sw$p.value))
  }
  residual <- residuals(lm(value ~ a, d))
  if (length(residual) >= 3) { sw <- shapiro.test(residual); put(set, c("swr_w", "swr_p"), c(sw$statistic, sw$p.value)) }
  if (all(sapply(g, length) >= 2) && all(sapply(g, var) > 0)) {
    bt <- bartlett.test(g)
    put(set, c("bt_k", "bt_p"), c(bt$statistic, bt$p.value))
    lv <- leveneTest(d$value, d$a, center = mean)
    # Distances that are all alike leave R a spread of roundings; there the answer is that there is none.
    if (lv[["F value"]][1] < 1e20) put(set, c("lv_f", "lv_p"), c(lv[["F value"]][1], lv[["Pr(>F)"]][1]))
    raw <- sapply(g, function(v) t.test(v, mu = 1.5)$p.value)
    raw <- c(raw, NA, raw[1])
    for (method in c("bonferroni", "holm", "hochberg", "hommel", "BH", "BY")) put(set, paste0(method, "_", seq_along(raw) - 1), p.adjust(raw, method))
  }
  if (n >= 2 && m >= 2 && sd(c(x - mean(x), y - mean(y))) > 0) {
    t <- t.test(x, y, var.equal = TRUE); df <- n + m - 2; scale <- sqrt(1 / n + 1 / m)
    if (abs(t$statistic) < 20) {
      upper <- function(delta) pt(t$statistic, df, delta, lower.tail = FALSE)
      ends <- c(limits(upper, 0.025, t$statistic - 5, t$statistic + 1), limits(upper, 0.975, t$statistic - 1, t$statistic + 5)) * scale
      j <- exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2)
      put(set, c("d", "d_low", "d_high"), c(t$statistic * scale, ends))
      put(set, c("g", "g_low", "g_high"), c(t$statistic * scale, ends) * j)
    }
    s <- sign(outer(x, y, "-")); delta <- mean(s)
    put(set, "cliff", delta)
    if (abs(delta) < 1) {
      v <- (m^2 * sum((rowMeans(s) - delta)^2) + n^2 * sum((colMeans(s) - delta)^2) - sum((s - delta)^2)) / (n * m * (n - 1) * (m - 1))
      v <- max(v, (1 - delta^2) / (n * m - 1))
      z <- qnorm(0.975)
      half <- z * sqrt(v) * sqrt((1 - delta^2)^2 + z^2 * v)
      put(set, c("cliff_low", "cliff_high"), (delta - delta^3 + c(-1, 1) * half) / (1 - delta^2 + z^2 * v))
    }
  }
  one <- summary(aov(value ~ a, d))[[1]]
  F <- one[["F value"]][1]; df <- one[["Df"]]
  put(set, "eta", one[["Sum Sq"]][1] / sum(one[["Sum Sq"]]))
  if (F > 0 && F < 30) {
    upper <- function(l) pf(F, df[1], df[2], l, lower.tail = FALSE)
    share <- function(l) l / (l + sum(df) + 1)
    put(set, c("eta_low", "eta_high"), share(c(if (upper(0) >= 0.025) 0 else limits(upper, 0.025, 0, 50), if (upper(0) >= 0.975) 0 else limits(upper, 0.975, 0, 50))))
  }
  for (model in c("full", "add")) {
    fit <- if (model == "full") lm(value ~ a * b, d) else lm(value ~ a + b, d)
    if (df.residual(fit) < 1 || deviance(fit) < 1e-12 * sum((d$value - mean(d$value))^2)) next
    first <- anova(fit)
    second <- suppressMessages(as.data.frame(Anova(fit, type = 2)))
    terms <- rownames(first)[-nrow(first)]
    names <- c(a = "a", b = "b", "a:b" = "ab")[terms]
    put(set, paste0(model, "1_ss_", names), first[terms, "Sum Sq"]); put(set, paste0(model, "1_f_", names), first[terms, "F value"])
    put(set, paste0(model, "1_df_", names), first[terms, "Df"]); put(set, paste0(model, "1_p_", names), first[terms, "Pr(>F)"])
    put(set, paste0(model, "2_f_", names), second[terms, "F value"]); put(set, paste0(model, "2_p_", names), second[terms, "Pr(>F)"])
    if (model == "full" && all(table(d$a, d$b) > 0)) {
      third <- as.data.frame(Anova(lm(value ~ a * b, d, contrasts = list(a = "contr.sum", b = "contr.sum")), type = 3))
      put(set, paste0(model, "3_f_", names), third[terms, "F value"]); put(set, paste0(model, "3_p_", names), third[terms, "Pr(>F)"])
    }
    put(set, paste0(model, "_rss"), sum(residuals(fit)^2)); put(set, paste0(model, "_rdf"), df.residual(fit))
  }
  if (index %% 7 == 0 && length(g) > 2) {
    sizes <- sapply(g, length); means <- sapply(g, mean)
    df <- sum(sizes) - length(g); ms <- sum(sapply(g, function(v) sum((v - mean(v))^2))) / df
    l <- sqrt(sizes[-1] / (sizes[-1] + sizes[1]))
    for (i in 2:length(g)) {
      t <- abs(means[i] - means[1]) / sqrt(ms * (1 / sizes[i] + 1 / sizes[1]))
      if (t < 8 && t > 0.1) put(set, paste0("dunnett_p_", i - 1), dunnett_upper(t, l, df))
    }
    if (index %% 35 == 0) {
      critical <- uniroot(function(v) log(dunnett_upper(v, l, df) / 0.05), c(qt(0.975, df), qt(1 - 0.025 / length(l), df)), tol = 1e-10)$root
      i <- length(g)
      put(set, "dunnett_half", critical * sqrt(ms * (1 / sizes[i] + 1 / sizes[1])))
    }
  }
}

# The joint law once more without the product formula, by mvtnorm (asked for 1e-5).
suppressPackageStartupMessages(library(mvtnorm))
set.seed(1)
for (df in c(4, 20)) for (n0 in c(3, 12)) {
  sizes <- c(4, 5, 9); l <- sqrt(sizes / (sizes + n0))
  R <- outer(l, l); diag(R) <- 1
  for (d in c(1, 2.3, 4))
    put("mvt", paste(df, n0, d), 1 - pmvt(rep(-d, 3), rep(d, 3), df = df, corr = R, algorithm = GenzBretz(abseps = 1e-5, maxpts = 1e6)))
}
for (n in c(2, 3, 7.5, 40)) for (delta in c(0.3, 1, 2)) for (type in c("two.sample", "one.sample", "paired")) for (side in c("two.sided", "one.sided")) for (strict in c(TRUE, FALSE))
  put("power_t", paste(n, delta, type, side, strict), power.t.test(n, delta, sd = 1.3, sig.level = 0.04, type = type, alternative = side, strict = strict)$power)
for (power in c(0.5, 0.8, 0.95)) for (delta in c(0.4, 1.1)) for (type in c("two.sample", "paired")) {
  put("power_t_n", paste(power, delta, type), power.t.test(delta = delta, power = power, type = type, tol = 1e-13)$n)
  put("power_t_delta", paste(power, delta, type), power.t.test(n = 10 * delta, power = power, type = type, tol = 1e-13)$delta)
}
for (groups in c(2, 3, 6)) for (n in c(2, 5, 20)) for (between in c(0.1, 1, 4))
  put("power_anova", paste(groups, n, between), power.anova.test(groups, n, between, 2.5, sig.level = 0.01)$power)
put("power_anova_n", "4 1 3", uniroot(function(n) power.anova.test(groups = 4, n = n, between.var = 1, within.var = 3)$power - 0.8, c(2, 100), tol = 1e-12)$root)
for (n in c(10, 50, 400)) for (p in c(0.1, 0.4)) for (q in c(0.15, 0.6)) for (strict in c(TRUE, FALSE))
  put("power_prop", paste(n, p, q, strict), power.prop.test(n, p, q, strict = strict)$power)
put("power_prop_n", "0.5 0.75", power.prop.test(p1 = 0.5, p2 = 0.75, power = 0.9, tol = 1e-13)$n)
for (ratio in c(0.5, 0.7, 2)) for (share in c(0.5, 0.3))
  put("schoenfeld", paste(ratio, share), (qnorm(0.975) + qnorm(0.8))^2 / (share * (1 - share) * log(ratio)^2))
write.csv(format(do.call(rbind, results), digits = 17, trim = TRUE), arguments[3], row.names = FALSE, quote = FALSE)
