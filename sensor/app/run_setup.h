// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "exporters/observations/observation_writer.h"
#include "sensor/app/command_line.h"
#include "sensor/app/config/load_config.h"
#include "sensor/app/event_output.h"
#include "sensor/app/summary.h"
#include "sensor/correlate/correlator.h"
#include "sensor/match/compiled_signatures.h"
#include "sensor/pipeline/figures.h"
#include "sensor/pipeline/record_sequencer.h"
#include "signatures/oui_registry.h"

namespace telltale::app {

// What every run needs, wherever its frames come from, in the order in which it is made. Made on the main thread;
// events, observations and the correlator are then used by the thread that correlates, until it has ended.
struct RunSetup {
    LoadedConfig settings;
    std::shared_ptr<const match::CompiledSignatures> signatures;
    std::unique_ptr<signatures::OuiRegistry> oui;
    std::unique_ptr<EventOutput> events;
    std::unique_ptr<jsonl::LineFile> observations_file;
    std::unique_ptr<observations::ObservationWriter> observations;
    std::unique_ptr<correlate::Correlator> correlator;
    std::vector<std::string> warnings;
};

void set_up_log(bool quiet);

// The steps, each after those before it.
base::Status load_settings(const ReadOptions& options,
                           RunSetup& run);  // the configuration file, over it the command line
base::Status prepare_signatures(const ReadOptions& options, RunSetup& run);
base::Status open_outputs(const ReadOptions& options, RunSetup& run);
base::Status build_correlator(const ReadOptions& options, RunSetup& run);

// What hands a pipeline's records to the correlator and the observations. `run` outlives it.
pipeline::RecordConsumer correlating_consumer(RunSetup& run);

// Writes out what outputs have buffered; false when one has failed.
bool flush_outputs(RunSetup& run);

// The figures that a pipeline knows; the caller adds the rest.
RunFigures run_figures(const pipeline::PipelineFigures& counted);

// The end: last events, health, outputs flushed, warnings and the summary. `worked`: how the pipeline ended. Returns
// the exit status.
int finish_run(const ReadOptions& options, RunSetup& run, const pipeline::PipelineFigures& counted,
               const RunFigures& figures, const base::Status& worked);

}  // namespace telltale::app
