// Small data sets whose answers are known elsewhere.
#pragma once

#include <vector>

namespace samples {

// Student's sleep data (Biometrika 6, 1908): extra hours of sleep under two drugs, the same ten patients.
inline const std::vector<double> sleep_one{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
inline const std::vector<double> sleep_two{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

// Root length of perennial ryegrass (cm) by concentration of ferulic acid (mM); Inderjit et al., Weed Res. 42
// (2002).
inline const std::vector<double> ryegrass_dose{0,    0,    0,    0,    0,    0,    0.94, 0.94,
                                               0.94, 1.88, 1.88, 1.88, 3.75, 3.75, 3.75, 7.5,
                                               7.5,  7.5,  15,   15,   15,   30,   30,   30};
inline const std::vector<double> ryegrass_length{
    7.58,      8.0,       8.3285714, 7.25,      7.375, 7.9625,    8.3555556, 6.9142857,
    7.75,      6.8714286, 6.45,      5.9222222, 1.925, 2.8857143, 4.2333333, 1.1875,
    0.8571429, 1.0571429, 0.6875,    0.525,     0.825, 0.25,      0.22,      0.44};

}  // namespace samples
