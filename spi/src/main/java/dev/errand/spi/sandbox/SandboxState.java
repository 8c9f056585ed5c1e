package dev.errand.spi.sandbox;

/** The state of a sandbox, as known to its launcher. */
public sealed interface SandboxState {

    /** It is running. */
    record Running() implements SandboxState {}

    /** It has exited. Returned until the sandbox is discarded. */
    record Exited(SandboxExit exit) implements SandboxState {}

    /** It does not exist: it was never launched, was discarded, or was lost. */
    record Gone() implements SandboxState {}
}
