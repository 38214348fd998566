# Observation that begins late, and covariates that change with time, by R's survival package.
# usage: Rscript late_entry_oracle.R generated.csv data_out.csv results_out.csv
# generated.csv holds set,entry,time,event,arm,stratum,x1,x2 (arms from 0); data_out.csv the same with R's own data sets added.
# survdiff takes no late entries: the log-rank test is the score test of Cox's model with exact ties, which is asked where few
# events are tied (its time grows with the ways to choose them), and everywhere the same test written out.
suppressPackageStartupMessages(library(survival))
options(digits = 17)
arguments <- commandArgs(trailingOnly = TRUE)
set_of <- function(name, entry, time, event, arm, stratum, x1, x2) {
  d <- data.frame(set = name, entry, time, event = as.integer(event), arm = as.integer(factor(arm)) - 1L,
                  stratum = as.integer(factor(stratum)), x1 = as.numeric(x1), x2 = as.numeric(x2))
  d[complete.cases(d), ]
}
late <- subset(mgus, TRUE)
late$from <- (late$age - min(late$age)) * 365.25
own <- rbind(
  with(heart, set_of("heart", start, stop, event, transplant, surgery, age, transplant == 1)),
  with(cgd, set_of("cgd", tstart, tstop, status, treat, sex, age, steroids)),
  with(late, set_of("mgus by age", from, from + futime, death, sex, 1, alb, sex == "male")))
data <- rbind(read.csv(arguments[1]), own)
write.csv(format(data, digits = 17, trim = TRUE), arguments[2], row.names = FALSE, quote = FALSE)

log_rank <- function(d, strata) {
  arms <- sort(unique(d$arm))
  u <- numeric(length(arms)); v <- matrix(0, length(arms), length(arms))
  for (part in split(d, if (strata) d$stratum else rep(1, nrow(d)))) for (t in unique(part$time[part$event == 1])) {
    risk <- part$entry < t & part$time >= t
    n <- sum(risk); dead <- sum(part$time == t & part$event == 1); share <- sapply(arms, function(a) sum(risk & part$arm == a)) / n
    u <- u + sapply(arms, function(a) sum(part$time == t & part$event == 1 & part$arm == a)) - dead * share
    if (n > 1) v <- v + dead * (n - dead) / (n - 1) * (diag(share, length(arms)) - outer(share, share))
  }
  drop(u[-1] %*% solve(v[-1, -1, drop = FALSE], u[-1]))
}
results <- list()
put <- function(set, name, value) results[[length(results) + 1]] <<- data.frame(set = set, name = name, value = as.numeric(value))
for (set in unique(data$set)) {
  d <- data[data$set == set, ]
  for (a in sort(unique(d$arm))) {
    s <- survfit(Surv(entry, time, event) ~ 1, d[d$arm == a, ])
    m <- summary(s)$table
    s <- summary(s, censored = TRUE)
    i <- seq_along(s$time) - 1
    for (column in c("time", "n.risk", "n.event", "surv", "std.err", "lower", "upper")) put(set, paste("km", a, column, i), s[[column]])
    put(set, paste("median", a, c("value", "low", "high")), m[c("median", "0.95LCL", "0.95UCL")])
  }
  for (strata in 0:1) {
    chisq <- log_rank(d, strata == 1)
    if (max(table(d$time[d$event == 1])) <= 3) {
      form <- if (strata) Surv(entry, time, event) ~ factor(arm) + strata(stratum) else Surv(entry, time, event) ~ factor(arm)
      test <- suppressWarnings(coxph(form, d, ties = "exact", control = coxph.control(iter.max = 0)))
      stopifnot(abs(test$score - chisq) < 1e-9 * max(1, chisq))
    }
    put(set, paste("logrank", strata, "chisq"), chisq)
  }
  for (ties in c("efron", "breslow")) for (strata in 0:1) {
    form <- if (strata) Surv(entry, time, event) ~ x1 + x2 + strata(stratum) else Surv(entry, time, event) ~ x1 + x2
    id <- paste("cox", ties, strata)
    infinite <- FALSE
    fit <- withCallingHandlers(coxph(form, d, ties = ties, control = coxph.control(eps = 1e-12, iter.max = 50, toler.chol = 1e-13)),
                               warning = function(w) { infinite <<- TRUE; invokeRestart("muffleWarning") })
    put(set, paste(id, "infinite"), infinite || anyNA(coef(fit)))
    if (infinite || anyNA(coef(fit))) next
    put(set, paste(id, c("beta 0", "beta 1")), coef(fit))
    put(set, paste(id, c("se 0", "se 1")), sqrt(diag(vcov(fit))))
    put(set, paste(id, c("null", "loglik", "wald", "score")), c(fit$loglik, fit$wald.test, fit$score))
    put(set, paste(id, "concordance"), fit$concordance["concordance"])
    put(set, paste(id, "zph", c("0", "1", "global")), cox.zph(fit, transform = "km")$table[, "chisq"])
  }
}
write.csv(format(do.call(rbind, results), digits = 17, trim = TRUE), arguments[3], row.names = FALSE, quote = FALSE)
