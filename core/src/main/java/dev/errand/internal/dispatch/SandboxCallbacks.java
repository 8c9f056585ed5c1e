package dev.errand.internal.dispatch;

import dev.errand.internal.engine.Engine;
import dev.errand.spi.JsonText;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxListener;
import java.util.List;

/**
 * Receives the callbacks of the launcher. Output is appended to the log of the run, and the end of
 * a sandbox triggers a check.
 */
final class SandboxCallbacks implements SandboxListener {

    private final Engine engine;
    private final SlotTable slots;
    private final LoopInbox<PendingSettlement> inbox;

    SandboxCallbacks(Engine engine, SlotTable slots, LoopInbox<PendingSettlement> inbox) {
        this.engine = engine;
        this.slots = slots;
        this.inbox = inbox;
    }

    @Override
    public void onOutput(SandboxId sandbox, Source source, List<String> lines) {
        RunMdc.within(sandbox, () -> ConsoleLog.append(engine, sandbox, source, lines));
    }

    @Override
    public void onLogEntries(SandboxId sandbox, List<JsonText> entries) {
        RunMdc.within(sandbox, () -> ConsoleLog.append(engine, sandbox, entries));
    }

    @Override
    public void onExit(SandboxId sandbox) {
        slots.find(sandbox.run())
                .filter(run -> !run.requestCheckAfterWork())
                .ifPresent(
                        run -> {
                            run.requestCheck();
                            inbox.wake();
                        });
    }
}
