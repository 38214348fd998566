// The three streams that a program is given, as they may be: closed, full, or a pipe whose reader has gone.
#pragma once

namespace stroma::cli {

/// To be called once, before anything else. A stream that is closed is opened on nothing, so that no file of
/// a run takes its number and receives what was meant for a person; what cannot be written to standard error
/// is dropped, because a run must not be lost for want of its progress; a write to standard output that fails
/// is an error like that of any file (std::system_error).
void prepare_streams();

/// Ends the program as the reader of a closed pipe expects it (by SIGPIPE), and returns where it cannot.
void end_by_broken_pipe();

}  // namespace stroma::cli
