# The mean ZIP score of the board in tests/unit/stats/synergy_test.cpp, by optim from 135 starts for every curve. It
# is no part of the suite: it says where the reference comes from. Rscript zip_oracle.R
a <- c(0, 5, 20, 80, 320)
b <- c(0, 0.2, 0.8, 3, 12, 50)
one <- ifelse(a > 0, 0.55 + 0.01 * sin(a), 0)
two <- ifelse(b > 0, 0.9 * b / (b + 2) - ifelse(b < 1, 0.2, 0), 0)
effects <- outer(one, two, function(x, y) x + y - x * y + ifelse(x != 0 & y != 0, 0.05, 0))
fit <- function(x, y, base) {
  x <- x[-1]
  y <- y[-1]
  curve <- function(p, q) base + (1 - base) / (1 + exp(exp(p[2]) * (p[1] - log(q))))
  loss <- function(p) sum((curve(p, x) - y)^2)
  low <- c(min(log(x)) - log(1e3), -log(20))
  high <- c(max(log(x)) + log(1e3), log(20))
  best <- NULL
  for (m in seq(low[1], high[1], length.out = 15))
    for (s in seq(low[2], high[2], length.out = 9)) {
      r <- optim(c(m, s), loss, method = "L-BFGS-B", lower = low, upper = high, control = list(factr = 1e-2, maxit = 1000))
      if (is.null(best) || r$value < best$value) best <- r
    }
  function(q) curve(best$par, q)
}
z1 <- fit(a, effects[, 1], 0)
z2 <- fit(b, effects[1, ], 0)
along1 <- lapply(2:length(b), function(j) fit(a, effects[, j], z2(b[j])))
along2 <- lapply(2:length(a), function(i) fit(b, effects[i, ], z1(a[i])))
scores <- c()
for (i in 2:length(a))
  for (j in 2:length(b))
    scores <- c(scores, (along1[[j - 1]](a[i]) + along2[[i - 1]](b[j])) / 2 - (z1(a[i]) + z2(b[j]) - z1(a[i]) * z2(b[j])))
cat(sprintf("%.9f\n", mean(scores)))
