// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "exporters/observations/observation_writer.h"
#include "sensor/app/config/load_config.h"
#include "sensor/app/setup/event_output.h"
#include "sensor/app/setup/exit_status.h"
#include "sensor/app/setup/session_options.h"
#include "sensor/app/summary/summary.h"
#include "sensor/match/compiled_signatures.h"
#include "sensor/pipeline/correlate_stage.h"
#include "sensor/pipeline/figures.h"
#include "signatures/oui_registry.h"

namespace telltale::app {

// The parts of every session, whatever its source, in order of creation. Created on the main thread; events,
// observations and the correlator are then used by the correlating thread until it ends.
struct Session {
    SessionOptions options;
    LoadedConfig settings;
    std::shared_ptr<const match::CompiledSignatures> signatures;
    std::unique_ptr<signatures::OuiRegistry> oui;
    ecs::ObserverInfo observer;
    std::function<void(pipeline::EventPath&)> connect_outputs;  // set by the step that opens them
    bool keep_rows = false;                                     // the outputs keep the rows that events carry
    std::unique_ptr<EventOutput> events;                        // in `read` and `live`
    std::unique_ptr<jsonl::LineFile> observations_file;
    std::unique_ptr<observations::ObservationWriter> observations;
    std::unique_ptr<pipeline::CorrelateStage> correlating;
    std::vector<std::string> warnings;
};

void set_up_log(bool quiet);

// Steps of the start (StartUpStep), in order.
base::Status load_settings(Session& session);  // the configuration file, then the command line, which wins
base::Status prepare_signatures(Session& session);
base::Status open_outputs(Session& session);
// Sets the observer; `sensor_id` empty: the host name.
void name_sensor(Session& session, const std::string& sensor_id);
// Creates what is behind the merge, and connects the outputs.
base::Status connect_correlator(Session& session);

// The tick of a session, between frames: events and observations leave while nothing arrives. False if an output has
// failed.
bool flush(Session& session);

// Returns the figures that the pipeline counts; the caller adds the rest.
SessionFigures session_figures(const pipeline::PipelineTotals& counted);

// The end: last events, health, outputs flushed, warnings and the summary. `worked`: how the pipeline ended. Returns
// the exit status.
int finish_session(Session& session, const pipeline::PipelineTotals& counted, const SessionFigures& figures,
                   const base::Status& worked);

}  // namespace telltale::app
