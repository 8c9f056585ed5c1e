package dev.errand.spi.dispatch;

/** What a launcher knows of a sandbox. */
public sealed interface SandboxState {

    /** It is alive. */
    record Running() implements SandboxState {}

    /** It ended, and this is how; answered until the sandbox is discarded. */
    record Exited(SandboxExit exit) implements SandboxState {}

    /** There is none under this name: never launched, discarded, or lost. */
    record Gone() implements SandboxState {}
}
