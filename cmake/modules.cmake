# The module table is the architecture: each line says which modules a module may include, everything that the headers of those include with it.
# CMake enforces it through include paths (tools/check_walls tries them), tools/check_layers by reading every #include.
#
#        module        may include
stroma_module(core         )
stroma_module(stats        core)
stroma_module(imaging      core stats)
stroma_module(model        core)
stroma_module(fields       core model)
stroma_module(network      core model)
stroma_module(pharmacology core model)
stroma_module(cells        core model)
stroma_module(tissue       core model fields network pharmacology cells)
stroma_module(assays       core stats imaging model)
stroma_module(study        core stats imaging model fields network pharmacology cells tissue assays)
stroma_module(io           core stats imaging model assays)
stroma_module(store        core stats imaging model fields network pharmacology cells tissue assays study io)
stroma_module(report       core stats model fields network pharmacology cells tissue assays study)
stroma_module(jobs         core stats imaging model fields network pharmacology cells tissue assays study io store report)
stroma_module(cli          core jobs)
