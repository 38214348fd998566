# Kaplan-Meier, log-rank, Cox regression, its test of proportionality and restricted means by R's survival package.
# usage: Rscript survival_oracle.R generated.csv data_out.csv results_out.csv
# generated.csv holds set,time,event,arm,stratum,x1,x2 (arms from 0); data_out.csv the same with R's own data sets added.
suppressPackageStartupMessages(library(survival))
options(digits = 17)
arguments <- commandArgs(trailingOnly = TRUE)
set_of <- function(name, time, event, arm, stratum, x1, x2) {
  d <- data.frame(set = name, time, event = as.integer(event), arm = as.integer(factor(arm)) - 1L,
                  stratum = as.integer(factor(stratum)), x1 = as.numeric(x1), x2 = as.numeric(x2))
  d[complete.cases(d), ]
}
deaths <- survival::colon[survival::colon$etype == 2, ]
own <- rbind(
  with(aml, set_of("aml", time, status, factor(x, c("Maintained", "Nonmaintained")), 1, x == "Nonmaintained", seq_along(time) %% 4)),
  with(lung, set_of("lung", time, status == 2, sex, ph.ecog, age, sex)),
  with(ovarian, set_of("ovarian", futime, fustat, rx, resid.ds, age, rx)),
  with(veteran, set_of("veteran", time, status, trt, celltype, karno, age)),
  with(deaths, set_of("colon", time, status, rx, node4, nodes, age)),
  with(rats, set_of("rats", time, status, rx, litter, rx, sex == "m")),
  with(kidney, set_of("kidney", time, status, sex, disease, age, sex)),
  with(pbc, set_of("pbc", time, status == 2, stage, edema, log(bili), age)),
  with(mgus2, set_of("mgus2", futime, death, sex, 1, age, hgb)),
  with(stanford2, set_of("stanford2", time, status, age > 40, 1, age, t5)),
  with(myeloid, set_of("myeloid", futime, death, trt, sex, trt == "B", sex == "m")),
  with(retinopathy, set_of("retinopathy", futime, status, trt, laser, trt, age)),
  with(gbsg, set_of("gbsg", rfstime, status, grade, meno, log(nodes), hormon)))
data <- rbind(read.csv(arguments[1]), own)
write.csv(format(data, digits = 17, trim = TRUE), arguments[2], row.names = FALSE, quote = FALSE)

results <- list()
put <- function(set, name, value) results[[length(results) + 1]] <<- data.frame(set = set, name = name, value = as.numeric(value))

for (set in unique(data$set)) {
  d <- data[data$set == set, ]
  for (a in sort(unique(d$arm))) {
    g <- d[d$arm == a, ]
    for (scale in c("log", "log-log", "plain")) {
      s <- summary(survfit(Surv(time, event) ~ 1, g, conf.type = scale), censored = TRUE)
      i <- seq_along(s$time) - 1
      if (scale == "log") {
        for (column in c("n.risk", "n.event", "n.censor", "surv", "std.err")) put(set, paste("km", a, column, i), s[[column]])
        put(set, paste("median", a), s$table["median"])
      }
      put(set, paste("km", a, scale, "low", i), s$lower)
      put(set, paste("km", a, scale, "high", i), s$upper)
      put(set, paste("median", a, scale, c("low", "high")), s$table[c("0.95LCL", "0.95UCL")])
    }
  }
  tau <- 0.7 * min(tapply(d$time, d$arm, max))
  if (tau > max(tapply(d$time, d$arm, min))) {  # R refuses a time before the first one
    rmst <- sapply(c(0, 1), function(a) summary(survfit(Surv(time, event) ~ 1, d[d$arm == a, ]), rmean = tau)$table[c("rmean", "se(rmean)")])
    put(set, c("rmst 0", "rmst se 0", "rmst 1", "rmst se 1"), rmst)
    difference <- rmst[1, 1] - rmst[1, 2]; se <- sqrt(sum(rmst[2, ]^2))
    put(set, c("rmst low", "rmst high"), difference + c(-1, 1) * qnorm(0.975) * se)
    put(set, "rmst p", if (se > 0) 2 * pnorm(-abs(difference / se)) else 1)
    log_se <- sqrt(sum((rmst[2, ] / rmst[1, ])^2)); log_ratio <- log(rmst[1, 1] / rmst[1, 2])
    put(set, c("rmst ratio low", "rmst ratio high"), exp(log_ratio + c(-1, 1) * qnorm(0.975) * log_se))
  }
  for (rho in 0:1) for (strata in 0:1) {
    form <- if (strata) Surv(time, event) ~ arm + strata(stratum) else Surv(time, event) ~ arm
    id <- paste("logrank", rho, strata)
    test <- try(survdiff(form, d, rho = rho), silent = TRUE)
    put(set, paste(id, "singular"), inherits(test, "try-error"))
    if (inherits(test, "try-error")) next
    put(set, paste(id, c("chisq", "df", "p")), c(test$chisq, sum(as.matrix(test$exp) |> rowSums() > 0) - 1, test$pvalue))
    put(set, paste(id, "observed", seq_along(test$n) - 1), rowSums(as.matrix(test$obs)))
    put(set, paste(id, "expected", seq_along(test$n) - 1), rowSums(as.matrix(test$exp)))
  }
  for (ties in c("efron", "breslow")) for (strata in 0:1) {
    form <- if (strata) Surv(time, event) ~ x1 + x2 + strata(stratum) else Surv(time, event) ~ x1 + x2
    id <- paste("cox", ties, strata)
    infinite <- FALSE
    fit <- withCallingHandlers(coxph(form, d, ties = ties, control = coxph.control(eps = 1e-12, iter.max = 50, toler.chol = 1e-13)),
                               warning = function(w) { infinite <<- TRUE; invokeRestart("muffleWarning") })
    put(set, paste(id, "infinite"), infinite || anyNA(coef(fit)))
    if (infinite || anyNA(coef(fit))) next
    s <- summary(fit)
    put(set, paste(id, c("beta 0", "beta 1")), coef(fit))
    put(set, paste(id, c("se 0", "se 1")), s$coefficients[, "se(coef)"])
    put(set, paste(id, c("p 0", "p 1")), s$coefficients[, "Pr(>|z|)"])
    put(set, paste(id, c("low 0", "low 1")), s$conf.int[, "lower .95"])
    put(set, paste(id, c("high 0", "high 1")), s$conf.int[, "upper .95"])
    put(set, paste(id, c("null", "loglik")), fit$loglik)
    put(set, paste(id, c("lr", "wald", "score", "score p")), c(2 * diff(fit$loglik), fit$wald.test, fit$score, s$sctest["pvalue"]))
    put(set, paste(id, "concordance"), fit$concordance["concordance"])
    zph <- cox.zph(fit, transform = "km")$table
    put(set, paste(id, "zph", c("0", "1", "global")), zph[, "chisq"])
    put(set, paste(id, "zph p", c("0", "1", "global")), zph[, "p"])
  }
}
write.csv(format(do.call(rbind, results), digits = 17, trim = TRUE), arguments[3], row.names = FALSE, quote = FALSE)
