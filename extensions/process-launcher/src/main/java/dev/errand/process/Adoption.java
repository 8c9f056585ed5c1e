package dev.errand.process;

import dev.errand.spi.dispatch.SandboxId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds sandboxes that an earlier launcher on the same work directory started. */
final class Adoption {

    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private final ProcessTable table;
    private final boolean makesSessions;
    private final Settings settings;
    private final Watcher watcher;

    Adoption(ProcessTable table, boolean makesSessions, Settings settings, Watcher watcher) {
        this.table = table;
        this.makesSessions = makesSessions;
        this.settings = settings;
        this.watcher = watcher;
    }

    /**
     * What there is of a sandbox whose directory is there: its living processes, or what is written
     * of its end.
     */
    Sandbox find(SandboxId ref, SandboxDirectory directory, Hold hold) {
        SandboxRecord record = new SandboxRecord(directory);
        SandboxMark mark = SandboxMark.of(ref);
        ProcessSnapshot snapshot = ProcessSnapshot.of(table);
        Optional<ProcessHandle> main =
                record.pid()
                        .flatMap(ProcessHandle::of)
                        .filter(process -> ProcessTree.isAlive(process, snapshot))
                        .filter(process -> isOurs(process, mark, record));
        // A session is trusted only while its leader, who is known to be ours, holds the number.
        OptionalLong session =
                makesSessions && main.isPresent()
                        ? OptionalLong.of(main.get().pid())
                        : OptionalLong.empty();
        main.ifPresent(process -> process.onExit().thenRun(watcher::wake));
        ProcessTree tree = new ProcessTree(table, mark, session);
        Usage usage = new Usage(settings.limits(), directory, table);
        Execution execution =
                new Execution(ref, record, MainProcess.found(main), tree, usage, settings);
        if (tree.search(snapshot).isEmpty()) {
            execution.settle();
        }
        return new Sandbox(ref, directory, execution, settings, hold);
    }

    /** The number may have been given to another process since. */
    private boolean isOurs(ProcessHandle process, SandboxMark mark, SandboxRecord record) {
        if (table.knowsMarks()) {
            return table.bears(process.pid(), mark);
        }
        Optional<Instant> started = process.info().startInstant();
        Optional<Instant> written = record.startedAt();
        return started.isPresent()
                && written.isPresent()
                && Duration.between(started.get(), written.get()).abs().compareTo(TOLERANCE) <= 0;
    }
}
