package dev.errand.internal.dispatch;

import dev.errand.internal.engine.Engine;
import dev.errand.spi.run.Run;
import java.time.Duration;
import java.time.Instant;

/**
 * When a sandbox was heard last: its reports and its log, and as long as it waits for a person,
 * now. All of it is read from storage, so that whoever takes a run over hears the same.
 */
public final class Hearing {

    /** How soon it is noticed that a person has answered. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(30);

    private final Engine engine;

    public Hearing(Engine engine) {
        this.engine = engine;
    }

    /**
     * When the sandbox was heard last, or a time that is no earlier than the limit allows: whether
     * it is past the limit is all that counts, and the log is asked only when it may be.
     */
    public Instant lastHeard(Supervised run, Duration limit, Instant now) {
        Instant reported = run.run().updatedAt();
        Instant known = later(reported, run.heardAt());
        if (!now.isAfter(known.plus(limit))) {
            return known;
        }
        Instant heard = lastHeard(engine, run.run());
        if (now.isAfter(heard.plus(limit)) && run.permissions().arePending(engine, run.run())) {
            // As if it was heard just so long ago that it is asked again soon.
            heard = now.minus(limit).plus(limit.compareTo(ASK_AGAIN) < 0 ? limit : ASK_AGAIN);
        }
        run.heardAt(heard);
        return heard;
    }

    /** When the sandbox of a run was heard last: its last report, or the end of its log. */
    public static Instant lastHeard(Engine engine, Run run) {
        return engine.backend()
                .log()
                .lastAppendedAt(run.project(), run.id())
                .map(logged -> later(logged, run.updatedAt()))
                .orElse(run.updatedAt());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
