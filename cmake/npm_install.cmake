# cmake -DNPM=npm -DWEB=web -P npm_install.cmake: installs exactly what web/package-lock.json names, once per content
# of that file. A lock keeps two builds that share the sources apart.
file(LOCK ${WEB}/.npm-install.lock TIMEOUT 600)
file(SHA256 ${WEB}/package-lock.json wanted)
set(stamp ${WEB}/node_modules/.installed)
if(EXISTS ${stamp})
  file(READ ${stamp} present)
  if(present STREQUAL wanted)
    return()
  endif()
endif()
if(NOT NPM)
  message(FATAL_ERROR "npm is needed once to install the front end's packages: apt-get install npm")
endif()
execute_process(
  COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error
  WORKING_DIRECTORY ${WEB} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "npm ci failed in ${WEB} (status ${status}). It needs the npm registry once; afterwards ${WEB}/node_modules is enough.")
endif()
file(WRITE ${stamp} ${wanted})
