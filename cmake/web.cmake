# The report's front end: bundled at build time with npm and embedded in the program, so that a report opens offline.
