package dev.errand.internal.engine;

import dev.errand.config.EngineOptions;
import dev.errand.config.IdGenerator;
import dev.errand.config.LinkProvider;
import dev.errand.internal.wire.RequestValidator;
import dev.errand.spi.Backend;
import dev.errand.spi.Timestamps;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.MessageRelay;
import dev.errand.spi.run.RunId;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.function.Consumer;

/**
 * What every service of one engine shares. Immutable; thread-safe as its parts are.
 *
 * @param backend storage
 * @param objects object storage
 * @param directory what only the host knows
 * @param clock the time of everything that is recorded
 * @param ids new ids
 * @param random jitter and tokens
 * @param policies what a host may decide
 * @param tagging tags objects
 * @param links where things are reached from outside
 * @param events who is told of changes
 * @param relay takes messages to chat threads
 * @param validator validates requests
 * @param wakeUp told which run a dispatcher should look at
 */
public record Engine(
        Backend backend,
        ObjectStore objects,
        ProjectDirectory directory,
        Clock clock,
        IdGenerator ids,
        Random random,
        EngineOptions policies,
        Tagging tagging,
        LinkProvider links,
        Events events,
        MessageRelay relay,
        RequestValidator validator,
        Consumer<RunId> wakeUp) {

    /** The time now, in the precision that is stored. */
    public Instant now() {
        return Timestamps.truncate(clock.instant());
    }
}
