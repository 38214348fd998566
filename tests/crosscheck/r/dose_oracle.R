# Dose-response fits with shared parameters, comparison of 3, 4 and 5 parameters, a robust fit and growth-rate inhibition by R's
# nls with analytic gradients.
# usage: Rscript dose_oracle.R generated.csv results_out.csv; generated.csv holds set,curve,x,y and the truth b,c,d,le1,le2.
options(digits = 17, warn = -1)
arguments <- commandArgs(trailingOnly = TRUE)
control <- nls.control(maxiter = 100, tol = 1e-9, minFactor = 1e-10, warnOnly = TRUE)
parts <- function(expression, names) deriv(expression, names, function.arg = c("x", names))
three <- parts(quote(d / (1 + exp(b * (log(x) - le)))), c("b", "d", "le"))
four <- parts(quote(c + (d - c) / (1 + exp(b * (log(x) - le)))), c("b", "c", "d", "le"))
five <- parts(quote(c + (d - c) / (1 + exp(b * (log(x) - le)))^exp(lf)), c("b", "c", "d", "le", "lf"))
results <- list()
put <- function(set, name, value) results[[length(results) + 1]] <<- data.frame(set = set, name = name, value = as.numeric(value))
good <- function(fit) !inherits(fit, "try-error") && fit$convInfo$finTol < 1e-7
aicc <- function(fit, n) { k <- length(coef(fit)) + 1; n * log(deviance(fit) / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1) }
extra <- function(small, large) {
  f <- ((deviance(small) - deviance(large)) / (df.residual(small) - df.residual(large))) / (deviance(large) / df.residual(large))
  c(f, pf(f, df.residual(small) - df.residual(large), df.residual(large), lower.tail = FALSE))
}
g <- read.csv(arguments[1])
for (set in unique(g$set)) {
  s <- g[g$set == set, ]
  truth <- as.list(s[1, c("b", "c", "d", "le1", "le2")])
  s$second <- s$curve - 1
  s <- s[, c("curve", "second", "x", "y")]  # predict would take the truth for the parameters of these names
  one <- s[s$curve == 1, ]; two <- s[s$curve == 2, ]
  start <- function(le) list(b = truth$b, c = truth$c, d = truth$d, le = le)
  a <- try(nls(y ~ four(x, b, c, d, le), one, start = start(truth$le1), control = control), silent = TRUE)
  b <- try(nls(y ~ four(x, b, c, d, le), two, start = start(truth$le2), control = control), silent = TRUE)
  both <- try(nls(y ~ c + (d - c) / (1 + exp(b * (log(x) - le1 - second * lr))), s, start = c(truth[c("b", "c", "d", "le1")], lr = truth$le2 - truth$le1),
                  control = control), silent = TRUE)
  if (!good(both) || !good(a) || !good(b)) next
  k <- summary(both)$coefficients
  put(set, c("slope", "lower", "upper", "le1", "lr", "lr_se", "rss"), c(k[1:4, 1], k["lr", 1], k["lr", 2], deviance(both)))
  rss <- deviance(a) + deviance(b); dof <- df.residual(a) + df.residual(b)
  f <- (deviance(both) - rss) / (df.residual(both) - dof) / (rss / dof)
  put(set, c("parallel_f", "parallel_p"), c(f, pf(f, df.residual(both) - dof, dof, lower.tail = FALSE)))
  n <- nrow(one)
  small <- try(nls(y ~ three(x, b, d, le), one, start = list(b = truth$b, d = truth$d, le = truth$le1), control = control), silent = TRUE)
  put(set, "aicc_4", aicc(a, n))
  if (good(small)) { put(set, "aicc_3", aicc(small, n)); put(set, c("f43", "p43"), extra(small, a)) }
  large <- try(nls(y ~ five(x, b, c, d, le, lf), one, start = c(as.list(coef(a)), lf = 0), control = control), silent = TRUE)
  if (good(large)) { put(set, "aicc_5", aicc(large, n)); put(set, c("f54", "p54"), extra(a, large)) }
  # Tukey's biweight by reweighting, from Huber's weights; one well in ten is an outlier.
  one$y[seq(3, n, by = 10)] <- one$y[seq(3, n, by = 10)] + 60
  fit <- a; ok <- TRUE; c2 <- 1.345
  expected <- (2 * pnorm(c2) - 1) - 2 * c2 * dnorm(c2) + 2 * c2^2 * pnorm(-c2)  # E min(Z^2, c2^2)
  sc <- median(abs(one$y - predict(fit, one))) / qnorm(0.75)
  for (kind in c("huber", "biweight")) {
    if (kind == "biweight" && ok) sc <- median(abs(one$y - predict(fit, one))) / qnorm(0.75)
    for (i in 1:300) {
      r <- one$y - predict(fit, one); last <- sc
      if (kind == "huber") sc <- sqrt(sum(pmin(r^2, c2^2 * sc^2)) / ((n - 4) * expected))
      u <- r / sc
      w <- if (kind == "huber") pmin(1, c2 / abs(u)) else ifelse(abs(u) < 4.685, (1 - (u / 4.685)^2)^2, 0)
      previous <- predict(fit, one)
      fit <- try(nls(y ~ four(x, b, c, d, le), one, start = as.list(coef(fit)), weights = w, control = control), silent = TRUE)
      if (inherits(fit, "try-error")) { ok <- FALSE; break }
      if (max(abs(predict(fit, one) - previous), abs(sc - last)) < 1e-9 * sc) break
    }
    if (!ok) break
  }
  if (ok && i < 300) {
    p <- coef(fit); J <- attr(four(one$x, p[1], p[2], p[3], p[4]), "gradient")
    u <- (one$y - predict(fit, one)) / sc; v <- u / 4.685; inside <- abs(v) < 1
    psi <- ifelse(inside, u * (1 - v^2)^2, 0); slope <- ifelse(inside, (1 - v^2) * (1 - 5 * v^2), 0)
    V <- sc^2 * sum(psi^2) / (n - 4) / mean(slope)^2 * solve(t(J) %*% J)
    put(set, c("robust_le", "robust_le_se", "robust_scale"), c(p[4], sqrt(V[4, 4]), sc))
  }
  # GR with the upper plateau fixed at 1: the responses over 100.
  two$gr <- two$y / 100
  h <- try(nls(gr ~ c + (1 - c) / (1 + exp(b * (log(x) - le))), two, start = list(b = truth$b, c = truth$c / 100, le = truth$le2), control = control), silent = TRUE)
  if (good(h) && coef(h)[1] < 5 && abs(coef(h)[2]) < 1) put(set, c("gr_h", "gr_inf", "gr_le"), coef(h))
}
write.csv(format(do.call(rbind, results), digits = 17, trim = TRUE), arguments[2], row.names = FALSE, quote = FALSE)
