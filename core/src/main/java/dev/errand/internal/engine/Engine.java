package dev.errand.internal.engine;

import dev.errand.config.EngineOptions;
import dev.errand.config.IdGenerator;
import dev.errand.config.LinkProvider;
import dev.errand.internal.watch.RunWatchers;
import dev.errand.internal.wire.RequestValidator;
import dev.errand.profile.ApiProfile;
import dev.errand.run.ReasoningEfforts;
import dev.errand.spi.Timestamps;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.MessageRelay;
import dev.errand.spi.run.ModelCatalogue;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.CommandSender;
import dev.errand.spi.sandbox.ConnectionTokens;
import dev.errand.spi.store.Backend;
import dev.errand.spi.task.UsageCosts;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * The collaborators that all operations of one engine share. Immutable; thread-safe if its
 * components are.
 *
 * @param backend stores tasks, runs, logs and secrets
 * @param objects stores artifacts
 * @param directory knows the host's projects, users and integrations
 * @param clock the source of every recorded time
 * @param ids creates the ids of tasks, runs and artifacts
 * @param random the source of jitter and tokens
 * @param options the host's choices
 * @param tagger sets the tags of objects
 * @param links creates the links that responses contain
 * @param events publishes changes to listeners
 * @param logs appends to the logs of runs
 * @param relay delivers messages to chat threads
 * @param models knows the models that the host offers
 * @param usageCosts knows the costs of tasks
 * @param connectionTokens issues tokens for agent servers; empty if the host has no signing key
 * @param commands sends commands to agent servers
 * @param validator validates requests
 * @param watchers the watched runs
 * @param wakeUp notifies dispatchers, here and on other nodes, of a run that needs action at once.
 *     Within a transaction of the host, that happens after the commit
 */
public record Engine(
        Backend backend,
        ObjectStore objects,
        ProjectDirectory directory,
        Clock clock,
        IdGenerator ids,
        Random random,
        EngineOptions options,
        ObjectTagger tagger,
        LinkProvider links,
        RunEventPublisher events,
        RunLogWriter logs,
        MessageRelay relay,
        ModelCatalogue models,
        UsageCosts usageCosts,
        Optional<ConnectionTokens> connectionTokens,
        CommandSender commands,
        RequestValidator validator,
        RunWatchers watchers,
        Consumer<RunId> wakeUp) {

    /**
     * Calls an action for a change that was just stored: at once or, if the change is part of a
     * transaction of the host, after its commit.
     */
    public void afterCommit(Runnable action) {
        backend.hostTransaction()
                .ifPresentOrElse(transaction -> transaction.afterCommit(action), action);
    }

    /** Returns the version of the API. */
    public ApiProfile profile() {
        return validator.profile();
    }

    /** Returns the reasoning efforts that each model supports. */
    ReasoningEfforts reasoningEfforts() {
        return options.reasoningEfforts().orElseGet(() -> ReasoningEfforts.published(profile()));
    }

    /** Returns the current time, truncated to the precision that is stored. */
    public Instant now() {
        return Timestamps.truncate(clock.instant());
    }
}
