#include "stats/mixed_model.hpp"

#include <ceres/autodiff_first_order_function.h>
#include <ceres/gradient_problem.h>
#include <ceres/gradient_problem_solver.h>
#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

template <class T>
using MatrixOf = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
using Matrix = MatrixOf<double>;
using Vector = Eigen::VectorXd;

// What the likelihood needs of one subject: products of Z, X and the residual of ordinary least squares.
struct Subject {
  Matrix zz, zx, zy;
};

// The whole problem in units in which columns of X and Z have length 1 per measurement.
struct Problem {
  std::vector<Subject> subjects;
  Matrix xx, xy;
  double yy = 0.0;
  double n = 0.0;
  Vector ordinary, x_scale, z_scale;
};

// L from its numbers: (a) or (a, b, c) for [a 0; b c].
template <class T>
MatrixOf<T> triangle(const T* theta, Eigen::Index q) {
  MatrixOf<T> l = MatrixOf<T>::Constant(q, q, T(0.0));
  for (Eigen::Index row = 0, k = 0; row < q; ++row)
    for (Eigen::Index column = 0; column <= row; ++column) l(row, column) = theta[k++];
  return l;
}

// The profile at L: X' V^-1 X, X' V^-1 y, y' V^-1 y and sum log|I + L' Z'Z L|, V in units of s^2.
template <class T>
struct Profile {
  MatrixOf<T> xx, xy;
  T yy, log_det;
};

template <class T>
Profile<T> profile_at(const Problem& problem, const MatrixOf<T>& l) {
  using std::log;
  Profile<T> at{problem.xx.cast<T>(), problem.xy.cast<T>(), T(problem.yy), T(0.0)};
  const auto q = l.rows();
  for (const Subject& s : problem.subjects) {
    const MatrixOf<T> inner = MatrixOf<T>::Identity(q, q) + l.transpose() * s.zz.cast<T>() * l;
    const Eigen::LLT<MatrixOf<T>> root(inner);
    const MatrixOf<T> x = root.matrixL().solve(MatrixOf<T>(l.transpose() * s.zx.cast<T>()));
    const MatrixOf<T> y = root.matrixL().solve(MatrixOf<T>(l.transpose() * s.zy.cast<T>()));
    at.xx -= x.transpose() * x;
    at.xy -= x.transpose() * y;
    at.yy -= (y.transpose() * y)(0, 0);
    for (Eigen::Index k = 0; k < q; ++k) at.log_det += 2.0 * log(root.matrixLLT()(k, k));
  }
  return at;
}

template <class T>
T deviance_at(const Problem& problem, const MatrixOf<T>& l) {
  using std::log;
  const Profile<T> at = profile_at(problem, l);
  const Eigen::LLT<MatrixOf<T>> root(at.xx);
  const MatrixOf<T> half = root.matrixL().solve(at.xy);
  const T rss = at.yy - (half.transpose() * half)(0, 0);
  const double df = problem.n - static_cast<double>(problem.xx.rows());
  T d = at.log_det + df * (1.0 + log(2.0 * std::numbers::pi / df * rss));
  for (Eigen::Index k = 0; k < at.xx.rows(); ++k) d += 2.0 * log(root.matrixLLT()(k, k));
  return d;
}

struct Deviance {
  const Problem* problem;
  Eigen::Index q;
  template <class T>
  bool operator()(const T* theta, T* d) const {
    *d = deviance_at(*problem, triangle(theta, q));
    return std::isfinite(value_of(*d));
  }
  static double value_of(double v) { return v; }
  template <class Jet>
  static double value_of(const Jet& v) {
    return v.a;
  }
};

struct Minimum {
  std::vector<double> theta;
  double deviance = std::numeric_limits<double>::infinity();
  double slope = std::numeric_limits<double>::infinity();  // largest derivative
};

template <int count>
Minimum minimise_from(const Problem& problem, double start) {
  constexpr Eigen::Index q = count == 1 ? 1 : 2;
  const ceres::GradientProblem gradient_problem(
      new ceres::AutoDiffFirstOrderFunction<Deviance, count>(new Deviance{&problem, q}));
  ceres::GradientProblemSolver::Options options;
  options.max_num_iterations = 500;
  options.function_tolerance = 0.0;
  options.gradient_tolerance = 1e-10;
  options.parameter_tolerance = 0.0;
  options.line_search_direction_type = ceres::BFGS;
  options.logging_type = ceres::SILENT;
  ceres::GradientProblemSolver::Summary summary;
  Minimum m;
  m.theta.assign(static_cast<std::size_t>(count), 0.0);
  m.theta.front() = m.theta.back() = start;
  ceres::Solve(options, gradient_problem, m.theta.data(), &summary);
  std::array<double, count> slope{};
  if (gradient_problem.Evaluate(m.theta.data(), &m.deviance, slope.data()))
    m.slope = std::abs(*std::max_element(slope.begin(), slope.end(),
                                         [](double a, double b) { return std::abs(a) < std::abs(b); }));
  return m;
}

// Ends of several searches, since a restricted likelihood may have several maxima.
template <int count>
Minimum minimise(const Problem& problem) {
  Minimum best;
  for (const double start : {1.0, 0.3, 3.0})
    if (const Minimum m = minimise_from<count>(problem, start); m.deviance < best.deviance - 1e-9) best = m;
  return best;
}

Matrix matrix_of(const Table& t) {
  Matrix m(static_cast<Eigen::Index>(t.rows), static_cast<Eigen::Index>(t.columns));
  for (std::size_t r = 0; r < t.rows; ++r)
    for (std::size_t c = 0; c < t.columns; ++c)
      m(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)) = t(r, c);
  return m;
}

void require_data(const MixedModelData& data) {
  require_sample(data.y, 1, "mixed model");
  require_sample(data.fixed.values, 1, "mixed model, fixed effects");
  require_sample(data.random.values, 1, "mixed model, random effects");
  if (data.subject.size() != data.y.size() || data.fixed.rows != data.y.size() ||
      data.random.rows != data.y.size() || data.names.size() != data.fixed.columns ||
      data.random.columns < 1 || data.random.columns > 2)
    throw StatisticsError(
        fmt::format("mixed model: {} measurements, {} subjects' numbers, fixed effects {} x {} with {} "
                    "names, random effects "
                    "{} x {} (1 or 2 columns are needed)",
                    data.y.size(), data.subject.size(), data.fixed.rows, data.fixed.columns,
                    data.names.size(), data.random.rows, data.random.columns));
}

// Degrees of freedom per column of X: of the measurements within subjects, or of the subjects where a column
// is the same throughout each of them.
std::vector<double> degrees_of_freedom(const Matrix& x,
                                       const std::map<int, std::vector<Eigen::Index>>& rows) {
  std::vector<char> between(static_cast<std::size_t>(x.cols())), constant(between);
  double terms_between = 0.0, terms_within = 0.0, intercepts = 0.0;
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    const auto k = static_cast<std::size_t>(j);
    constant[k] = (x.col(j).array() == x(0, j)).all();
    between[k] = std::all_of(rows.begin(), rows.end(), [&](const auto& subject) {
      return std::all_of(subject.second.begin(), subject.second.end(),
                         [&](Eigen::Index i) { return x(i, j) == x(subject.second.front(), j); });
    });
    (constant[k] ? intercepts : between[k] ? terms_between : terms_within) += 1.0;
  }
  const double subjects = static_cast<double>(rows.size());
  std::vector<double> df;
  for (std::size_t k = 0; k < between.size(); ++k)
    df.push_back(between[k] && !constant[k] ? subjects - intercepts - terms_between
                                            : static_cast<double>(x.rows()) - subjects - terms_within);
  return df;
}

Problem make_problem(const Matrix& x, const Matrix& z, const Vector& y,
                     const std::map<int, std::vector<Eigen::Index>>& rows) {
  Problem p;
  p.n = static_cast<double>(y.size());
  p.x_scale = x.colwise().norm().transpose() / std::sqrt(p.n);
  p.z_scale = z.colwise().norm().transpose() / std::sqrt(p.n);
  const Matrix xs = x * p.x_scale.cwiseInverse().asDiagonal(), zs = z * p.z_scale.cwiseInverse().asDiagonal();
  p.ordinary = xs.householderQr().solve(y);
  const Vector rest = y - xs * p.ordinary;
  p.xx = xs.transpose() * xs;
  p.xy = xs.transpose() * rest;
  p.yy = rest.squaredNorm();
  for (const auto& [id, these] : rows) {
    const Matrix zi = zs(these, Eigen::all);
    p.subjects.push_back(
        {zi.transpose() * zi, zi.transpose() * xs(these, Eigen::all), zi.transpose() * rest(these)});
  }
  return p;
}

MixedModel without_fit(MixedModelStatus status, std::string message) {
  MixedModel m;
  m.status = status;
  m.message = std::move(message);
  return m;
}

// Whether subjects differ in every direction that Z allows; in units of the residual sd per measurement.
bool on_boundary(const Matrix& l) {
  const Eigen::VectorXd size = Eigen::JacobiSVD<Matrix>(l).singularValues();
  return size[size.size() - 1] < 1e-4 * std::max(1.0, size[0]);
}

}  // namespace

MixedModel fit_mixed_model(const MixedModelData& data, double level) {
  require_data(data);
  require_level(level);
  const Matrix x = matrix_of(data.fixed), z = matrix_of(data.random);
  const Vector y = Eigen::Map<const Vector>(data.y.data(), static_cast<Eigen::Index>(data.y.size()));
  std::map<int, std::vector<Eigen::Index>> rows;
  for (std::size_t i = 0; i < data.subject.size(); ++i)
    rows[data.subject[i]].push_back(static_cast<Eigen::Index>(i));
  const auto p = x.cols(), q = z.cols();
  Eigen::ColPivHouseholderQR<Matrix> rank(x *
                                          x.colwise().norm().cwiseMax(1e-300).cwiseInverse().asDiagonal());
  rank.setThreshold(1e-10);
  if (rank.rank() < p)
    throw StatisticsError(
        fmt::format("mixed model: of {} fixed effects only {} are independent", p, rank.rank()));
  const auto count = static_cast<double>(rows.size());
  if (static_cast<double>(q) * count + 1.0 > static_cast<double>(y.size()) || rows.size() < 3)
    return without_fit(
        MixedModelStatus::not_determined,
        fmt::format("{} measurements of {} subjects cannot tell {} per subject from the residual", y.size(),
                    rows.size(), q == 1 ? "a level" : "a level and a slope"));
  const std::vector<double> df = degrees_of_freedom(x, rows);
  for (std::size_t k = 0; k < df.size(); ++k)
    if (df[k] < 1.0)
      return without_fit(MixedModelStatus::not_determined,
                         fmt::format("{} subjects with {} measurements leave no degrees of freedom for '{}'",
                                     rows.size(), y.size(), data.names[k]));
  const Problem problem = make_problem(x, z, y, rows);
  if (!(problem.yy > 1e-24 * y.squaredNorm()))
    return without_fit(MixedModelStatus::not_determined,
                       "the measurements have no scatter about the fixed effects");
  const Minimum found = q == 1 ? minimise<1>(problem) : minimise<3>(problem);
  if (!(found.slope < 1e-3))
    return without_fit(
        MixedModelStatus::did_not_converge,
        fmt::format("the restricted likelihood has no maximum that the search reaches (slope {:.2g} "
                    "where it ended)",
                    found.slope));

  const Matrix l = triangle(found.theta.data(), q);
  const Profile<double> at = profile_at(problem, l);
  const Eigen::LLT<Matrix> root(at.xx);
  const Vector change = root.solve(at.xy);
  const double s2 = (at.yy - at.xy.col(0).dot(change)) / (problem.n - static_cast<double>(p));
  const Vector beta = (problem.ordinary + change).cwiseQuotient(problem.x_scale);
  const Matrix covariance =
      (s2 * root.solve(Matrix::Identity(p, p))).cwiseQuotient(problem.x_scale * problem.x_scale.transpose());
  MixedModel m;
  for (Eigen::Index k = 0; k < p; ++k) {
    FixedEffect e;
    e.name = data.names[static_cast<std::size_t>(k)];
    e.estimate = beta[k];
    e.standard_error = std::sqrt(covariance(k, k));
    e.df = df[static_cast<std::size_t>(k)];
    e.t = e.estimate / e.standard_error;
    e.p = student_t_two_sided(e.t, e.df);
    const double half = student_t_critical(level, e.df) * e.standard_error;
    e.ci = {e.estimate - half, e.estimate + half};
    m.fixed.push_back(e);
    for (Eigen::Index j = 0; j < p; ++j) m.covariance.push_back(covariance(k, j));
  }
  const Matrix d = (s2 * l * l.transpose()).cwiseQuotient(problem.z_scale * problem.z_scale.transpose());
  m.random_covariance.assign(d.data(), d.data() + d.size());
  m.residual_sd = std::sqrt(s2);
  // In the units of the data, in which X'X has another determinant.
  m.log_likelihood = -0.5 * (found.deviance + 2.0 * problem.x_scale.array().log().sum());
  m.random = {rows.size(), static_cast<std::size_t>(q), {}};
  std::size_t k = 0;
  for (const auto& [id, these] : rows) {
    m.subjects.push_back(id);
    const Subject& s = problem.subjects[k++];
    const Matrix inner = Matrix::Identity(q, q) + l.transpose() * s.zz * l;
    const Vector b = l * inner.llt().solve(l.transpose() * (s.zy - s.zx * change));
    for (Eigen::Index j = 0; j < q; ++j) m.random.values.push_back(b[j] / problem.z_scale[j]);
  }
  if (on_boundary(l)) {
    m.status = MixedModelStatus::boundary;
    m.message =
        q == 1 ? "subjects differ no more than their measurements scatter (a variance of 0)"
               : "subjects do not differ both in level and in slope (a variance of 0, or the two are tied)";
  }
  return m;
}

}  // namespace stroma::stats
