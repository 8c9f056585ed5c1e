package dev.errand.internal.dispatch;

/** What a dispatcher does next for a run whose lease it holds. */
public enum DispatchStep {
    /** Nothing is owed: let it go. */
    LET_GO,
    /** Ask the launcher for the sandbox, and decide anew. */
    INSPECT,
    /** Launch a sandbox, or find the one that was launched under this attempt. */
    LAUNCH,
    /** Fail it: too old before the first launch. */
    EXPIRE,
    /** Fail it: no launch succeeded. */
    GIVE_UP,
    /** The sandbox was launched by somebody who could not record it: record that. */
    ADOPT,
    /** Somebody else executes the run: nothing is owed any more. */
    LEAVE,
    /** All is well: look again later. */
    WATCH,
    /** The launcher cannot say: look again later, and judge nothing. */
    LOOK_AGAIN,
    /** Store that the sandbox is to stop because it is silent, and stop it. */
    STOP_SILENT,
    /** Store that the sandbox is to stop because its time is over, and stop it. */
    STOP_OVERTIME,
    /** Ask the sandbox to stop, as often as it takes. */
    STOP,
    /** The run ended a moment ago: let the sandbox send what is left. */
    LET_FINISH,
    /** End the run although nobody confirmed that its sandbox stopped, and go on asking. */
    END_UNCONFIRMED,
    /** Record how the sandbox ended, and keep what it left. */
    RECORD_EXIT,
    /** Record that there is no sandbox. */
    RECORD_GONE
}
