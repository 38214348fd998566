# R's own data sets as R writes them (write.csv with row names or without, write.table with tabs, semicolons), what to ask
# `stroma stats` about each, and what R answers.
# usage: Rscript stats_r.R FOLDER; writes the tables there and prints lines
#   words of the command, separated by blanks | an expression of the JSON `it` | R's numbers | tolerance
suppressPackageStartupMessages({library(car); library(survival)})
options(warn = -1)
folder <- commandArgs(trailingOnly = TRUE)[1]
count <- 0
table_of <- function(d, name) {
  count <<- count + 1
  file <- file.path(folder, paste0(name, ".csv"))
  switch(count %% 5 + 1, write.csv(d, file), write.csv(d, file, row.names = FALSE), write.csv(d, file, row.names = FALSE, quote = FALSE),
         write.table(d, file, sep = "\t"), write.table(d, file, sep = ";", dec = ".", row.names = FALSE))
  file
}
ask <- function(words, expression, answer, tolerance = 1e-6)
  cat(paste(paste(words, collapse = " "), expression, paste(sprintf("%.17g", as.numeric(answer)), collapse = ","), tolerance, sep = "|"), sep = "\n")

# One value, one factor: no option where the columns say it themselves.
own <- list(sleep = list(sleep, "extra", "group"), PlantGrowth = list(PlantGrowth, "weight", "group"), InsectSprays = list(InsectSprays, "count", "spray"),
  chickwts = list(chickwts, "weight", "feed"), doses = list(ToothGrowth[, c("len", "dose")], "len", "dose"), wool = list(warpbreaks[, c("breaks", "wool")], "breaks", "wool"),
  cyl = list(mtcars[, c("mpg", "cyl")], "mpg", "cyl"), iris = list(iris, "Petal.Width", "Species"), airquality = list(airquality, "Ozone", "Month"),
  npk = list(npk, "yield", "block"), CO2 = list(as.data.frame(CO2), "uptake", "Type"), esoph = list(esoph, "ncontrols", "agegp"), infert = list(infert, "age", "education"),
  chicks = list(as.data.frame(ChickWeight), "weight", "Diet"), morley = list(morley, "Speed", "Expt"), OrchardSprays = list(OrchardSprays, "decrease", "treatment"))
for (name in names(own)) {
  d <- own[[name]][[1]]
  y <- d[[own[[name]][[2]]]]
  g <- as.character(d[[own[[name]][[3]]]])
  # Plants, chicks, sleepers and strata were measured several times, runs share a number, days follow each other: asked.
  at <- c(table_of(d, name), if (name %in% c("sleep", "airquality", "CO2", "chicks", "morley", "infert")) "--independent",
          if (ncol(d) > 2 && name != "sleep") c("--value", own[[name]][[2]], "--group", own[[name]][[3]]))
  keep <- !is.na(y) & !is.na(g); y <- y[keep]; g <- factor(g[keep], levels = unique(g[keep]))
  s <- split(y, g)
  fit <- aov(y ~ g); a <- summary(fit)[[1]]
  ask(c("anova", at), "[it.f,it.p,it.ss_between,it.ss_within,it.df_within]", c(a[["F value"]][1], a[["Pr(>F)"]][1], a[["Sum Sq"]], a[["Df"]][2]))
  k <- kruskal.test(y, g); ask(c("kruskal", at), "[it.statistic,it.df,it.p_chi_square]", c(k$statistic, k$parameter, k$p.value))
  l <- leveneTest(y, g); ask(c("levene", at), "[it.brown_forsythe.f,it.brown_forsythe.p]", c(l[["F value"]][1], l[["Pr(>F)"]][1]))
  n <- sapply(s, length); w <- (1 - n / sum(n)) * sapply(s, var); f <- sum(n * (sapply(s, mean) - mean(y))^2) / sum(w); df <- 1 / sum((w / sum(w))^2 / (n - 1))
  ask(c("brown-forsythe", at), "[it.f,it.df2,it.p]", c(f, df, pf(f, length(s) - 1, df, lower.tail = FALSE)))
  ask(c("tukey", at), "it.pairs.flatMap(p=>[p.difference,p.ci[0],p.ci[1]])", t(TukeyHSD(fit)$g[, 1:3, drop = FALSE]))
  ask(c("tukey", at), "it.pairs.map(p=>1+p.p_adjusted)", 1 + TukeyHSD(fit)$g[, 4], 1e-9)  # R's ptukey is good to 1e-10 in absolute terms
  ask(c("describe", at), "it.groups.flatMap(g=>[g.n,g.mean,g.sd,g.q1])", rbind(n, sapply(s, mean), sapply(s, sd), sapply(s, quantile, 0.25)))
  if (all(n >= 3 & sapply(s, sd) > 0)) ask(c("shapiro", at), "it.groups.flatMap(g=>[g.w,g.p])", sapply(s, function(x) { t <- shapiro.test(x); c(t$statistic, t$p.value) }))
  if (length(s) != 2) next
  t <- t.test(s[[1]], s[[2]], var.equal = TRUE); ask(c("ttest", at), "[it.statistic,it.df,it.p,...it.ci]", c(t$statistic, t$parameter, t$p.value, t$conf.int))
  t <- t.test(s[[1]], s[[2]]); ask(c("welch", at), "[it.statistic,it.df,it.p,...it.ci]", c(t$statistic, t$parameter, t$p.value, t$conf.int))
  t <- wilcox.test(s[[1]], s[[2]], conf.int = TRUE, tol.root = 1e-13); ask(c("mannwhitney", at), "[it.u,it.p_normal ?? it.p,...it.ci]", c(t$statistic, t$p.value, t$conf.int))
  if (sum(n) > 20) next  # over all ways to deal the ranks out
  r <- rank(y); sums <- combn(length(r), n[[1]], function(i) sum(r[i])); far <- abs(sums - mean(sums)) >= abs(sum(r[g == names(s)[1]]) - mean(sums)) - 1e-9
  ask(c("mannwhitney", at), "it.p", mean(far)); ask(c("kruskal", at), "it.p", mean(far))
}
# Two factors, balanced and not, of both types.
for (q in list(list("ToothGrowth", ToothGrowth, "len", "supp", "dose"), list("warpbreaks", warpbreaks, "breaks", "wool", "tension"), list("cars2", mtcars, "mpg", "cyl", "am"),
               list("CO2b", as.data.frame(CO2), "uptake", "Type", "Treatment"), list("Moore", Moore, "conformity", "fcategory", "partner.status"), list("Adler", Adler, "rating", "instruction", "expectation"))) {
  at <- c(table_of(q[[2]], q[[1]]), if (q[[1]] == "CO2b") "--independent", if (!q[[1]] %in% c("ToothGrowth", "warpbreaks")) c("--value", q[[3]], "--group", q[[4]], "--group2", q[[5]]))
  d <- data.frame(y = q[[2]][[q[[3]]]], a = factor(q[[2]][[q[[4]]]]), b = factor(q[[2]][[q[[5]]]]))
  fit <- lm(y ~ a * b, d)
  zero <- lm(y ~ a * b, d, contrasts = list(a = "contr.sum", b = "contr.sum"))
  for (type in 1:3) {
    s <- if (type == 1) anova(fit) else if (type == 2) as.data.frame(suppressMessages(Anova(fit, type = 2))) else as.data.frame(Anova(zero, type = 3))[-1, ]
    ask(c("anova2", at, "--type", type), "it.effects.flatMap(e=>[e.ss,e.df,e.f,e.p])", t(s[1:3, c("Sum Sq", "Df", "F value", "Pr(>F)")]))
  }
}
# Survival: words, TRUE and FALSE, 1 and 2, factors.
deaths <- colon[colon$etype == 2, ]
jasa$dead <- jasa$fustat == 1
for (q in list(list("lung", lung, "time", "status", "sex", c("age", "sex", "ph.ecog")), list("ovarian", ovarian, "futime", "fustat", "rx", c("age", "rx")), list("aml", aml, "time", "status", "x", "x"),
               list("veteran", veteran, "time", "status", "trt", c("trt", "celltype", "karno")), list("colon", deaths, "time", "status", "rx", c("rx", "nodes", "sex")), list("rats", rats, "time", "status", "rx", c("rx", "sex")),
               list("kidney", kidney, "time", "status", "disease", c("age", "sex", "disease")), list("bladder", bladder[bladder$enum == 1, ], "stop", "event", "rx", c("rx", "size", "number")),
               list("jasa", jasa[jasa$futime > 0, ], "futime", "dead", "transplant", c("age", "surgery")))) {
  d <- q[[2]]
  for (v in q[[6]]) if (!is.numeric(d[[v]])) d[[v]] <- factor(as.character(d[[v]]))
  e <- as.numeric(d[[q[[4]]]]); if (max(e) == 2) e <- e - 1
  d$y <- Surv(d[[q[[3]]]], e); d$g <- factor(d[[q[[5]]]], levels = unique(d[[q[[5]]]]))
  at <- c(table_of(q[[2]], q[[1]]), "--time", q[[3]], "--status", q[[4]], "--independent")  # litters and eyes too, as survdiff
  ask(c("logrank", at, "--group", q[[5]]), "it.statistic", survdiff(y ~ g, d)$chisq)
  s <- summary(survfit(y ~ 1, d[d$g == levels(d$g)[1], ]), censored = TRUE)
  ask(c("km", at, "--group", q[[5]]), "it.curves[0].points.flatMap(p=>[p.time,p.survival,...p.ci])", rbind(s$time, s$surv, s$lower, s$upper))
  for (ties in c("efron", "breslow")) {
    fit <- coxph(reformulate(q[[6]], "y"), d, ties = ties, control = coxph.control(eps = 1e-11, toler.chol = 1e-13, iter.max = 50))
    z <- cox.zph(fit)$table
    words <- c("cox", at, "--covariates", paste(q[[6]], collapse = ","), "--ties", ties)
    ask(words, "it.coefficients.flatMap(c=>[c.beta,c.standard_error])", rbind(coef(fit), sqrt(diag(vcov(fit)))), 1e-5)
    ask(words, "[it.log_likelihood,it.score.statistic,it.concordance]", c(fit$loglik[2], fit$score, fit$concordance["concordance"]), 1e-5)
    ask(words, "[...it.proportionality_terms,it.proportionality].flatMap(t=>[t.statistic,t.df])", t(z[if (nrow(z) == 2) c(1, 1) else TRUE, 1:2]), 1e-5)
  }
}
# Pairs of columns; and designs, whichever quantity is left out.
for (q in list(list("cars", cars, "speed", "dist"), list("faithful", faithful, "eruptions", "waiting"), list("air", airquality, "Ozone", "Wind"), list("motor", mtcars, "mpg", "wt"))) {
  at <- c(table_of(q[[2]], q[[1]]), "--x", q[[3]], "--y", q[[4]], if (q[[1]] == "air") "--independent")  # days that follow each other
  t <- cor.test(q[[2]][[q[[3]]]], q[[2]][[q[[4]]]]); ask(c("pearson", at), "[it.r,it.p,...it.ci]", c(t$estimate, t$p.value, t$conf.int))
  t <- cor.test(q[[2]][[q[[3]]]], q[[2]][[q[[4]]]], method = "spearman"); ask(c("spearman", at), "[it.rho,it.s,it.p]", c(t$estimate, t$statistic, t$p.value))
}
set.seed(5)
for (i in 1:4) {
  p <- round(runif(12 * i)^2, 3); p[2] <- NA
  for (method in c("bonferroni", "holm", "hochberg", "hommel", "BH", "BY"))
    ask(c("adjust", if (method == "bonferroni") at <- table_of(data.frame(gene = paste0("g", seq_along(p)), p.value = p), paste0("p", i)) else at),
        paste0("it.tests.map(t=>t.", tolower(method), " ?? -1)"), ifelse(is.na(p), -1, p.adjust(p, method)))
}
types <- c(two.sample = "t", one.sample = "one-sample", paired = "paired")
for (type in names(types)) for (side in c("two.sided", "one.sided")) for (alpha in c(0.05, 0.01)) {
  words <- c("power", "--test", types[[type]], "--alpha", alpha, if (side == "one.sided") "--one-sided")
  of <- function(...) power.t.test(..., sig.level = alpha, type = type, alternative = side, tol = 1e-13)
  for (n in c(4, 25)) for (delta in c(0.2, 1)) for (strict in c(FALSE, TRUE))
    ask(c(words, "--n", n, "--delta", delta, "--sd", 1.4, if (strict) "--strict"), "it.power", of(n, delta, 1.4, strict = strict)$power)
  for (power in c(0.8, 0.95)) {
    ask(c(words, "--power", power, "--delta", 0.8), "it.n", of(NULL, 0.8, 1, power = power)$n)
    ask(c(words, "--power", power, "--n", 9), "it.delta", of(9, NULL, 1, power = power)$delta)
    ask(c(words, "--power", power, "--n", 9, "--delta", 2), "it.sd", of(9, 2, NULL, power = power)$sd)
  }
}
