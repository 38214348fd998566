# Nonlinear fits by R's nls on R's own data sets and on generated four-parameter logistic data, with analytic gradients.
# usage: Rscript nls_oracle.R generated.csv data_out.csv results_out.csv
# generated.csv holds set,x,y,weight with b, c, d, ln e as truth in its first row per set: set,x,y,weight,b,c,d,le.
options(digits = 17, warn = -1)
arguments <- commandArgs(trailingOnly = TRUE)
# The tolerance asks for more digits than rounding always leaves, so nls may only warn; what it reached (the relative offset,
# steps in units of the standard error) decides.
control <- nls.control(maxiter = 200, tol = 1e-9, minFactor = 1e-10, warnOnly = TRUE)
four <- deriv(~ c + (d - c) / (1 + exp(b * (log(x) - le))), c("b", "c", "d", "le"), function(x, b, c, d, le) {})

data <- list(); results <- list()
put <- function(set, x, y, weight, fit) {
  data[[length(data) + 1]] <<- data.frame(set = set, x = x, y = y, weight = weight)
  s <- summary(fit)
  k <- nrow(s$coefficients)
  results[[length(results) + 1]] <<- data.frame(set = set, name = c(paste0("estimate_", 1:k - 1), paste0("error_", 1:k - 1), "sigma"),
                                                value = c(s$coefficients[, 1], s$coefficients[, 2], s$sigma))
}
treated <- Puromycin[Puromycin$state == "treated", ]
put("michaelis", treated$conc, treated$rate, 1, nls(rate ~ SSmicmen(conc, Vm, K), treated))
run <- DNase[DNase$Run == 1, ]
put("dnase", run$conc, run$density, 1, nls(density ~ SSfpl(log(conc), A, B, xmid, scal), run))
chick <- ChickWeight[ChickWeight$Chick == 1, ]
put("logistic", chick$Time, chick$weight, 1, nls(weight ~ SSlogis(Time, Asym, xmid, scal), chick))
put("asymptotic", Loblolly$age, Loblolly$height, 1, nls(height ~ SSasymp(age, Asym, R0, lrc), Loblolly))
generated <- read.csv(arguments[1])
failed <- 0
for (set in unique(generated$set)) {
  g <- generated[generated$set == set, ]
  start <- as.list(g[1, c("b", "c", "d", "le")])
  fit <- try(nls(y ~ four(x, b, c, d, le), g, start = start, weights = weight, control = control), silent = TRUE)
  if (inherits(fit, "try-error") || fit$convInfo$finTol > 1e-7) { failed <- failed + 1; next }
  put(set, g$x, g$y, g$weight, fit)
}
results[[length(results) + 1]] <- data.frame(set = "all", name = "failed", value = failed)
write.csv(format(do.call(rbind, data), digits = 17, trim = TRUE), arguments[2], row.names = FALSE, quote = FALSE)
write.csv(format(do.call(rbind, results), digits = 17, trim = TRUE), arguments[3], row.names = FALSE, quote = FALSE)
