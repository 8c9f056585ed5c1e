package dev.errand.internal.engine;

import dev.errand.internal.json.JsonObject;
import dev.errand.internal.rules.TokenCounts;
import dev.errand.run.StateKey;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.Run;
import dev.errand.spi.sandbox.ResumedConversation;
import dev.errand.spi.store.Conversation;
import dev.errand.spi.store.StoredRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Finds the conversation that a run continues (docs/wire/conversations.md#l4). */
public final class ResumedConversations {

    /** The key of a run's state with the id that the agent program gave its conversation. */
    public static final String SESSION_ID = "agent_session_id";

    private ResumedConversations() {}

    /**
     * Returns the conversation of an earlier attempt of the run, or else of the nearest run that it
     * resumes and that has one of the same agent program. Empty if there is none.
     */
    public static Optional<ResumedConversation> find(Engine engine, Run run) {
        if (run.attempt() <= 1 && StateKey.RESUME_FROM_RUN_ID.textOf(run).isEmpty()) {
            return Optional.empty();
        }
        List<Run> chain = chain(engine, run);
        for (int i = 0; i < chain.size(); i++) {
            Run one = chain.get(i);
            Optional<String> session = sessionOf(one);
            boolean isSameProgram =
                    StateKey.RUNTIME_ADAPTER
                            .textOf(one)
                            .equals(StateKey.RUNTIME_ADAPTER.textOf(run));
            if (session.isEmpty() || !isSameProgram) {
                continue;
            }
            Optional<Conversation.Content> content =
                    engine.backend()
                            .conversations()
                            .find(one.project(), one.task(), one.id())
                            .flatMap(Conversation::content);
            if (content.isPresent()) {
                return Optional.of(
                        new ResumedConversation(
                                session.get(),
                                () ->
                                        engine.objects()
                                                .open(one.project(), content.get().storagePath())
                                                .orElseThrow(
                                                        () ->
                                                                new IOException(
                                                                        "the conversation of run "
                                                                                + one.id()
                                                                                + " is not in"
                                                                                + " storage")),
                                tokens(chain.subList(i, chain.size()), session.get())));
            }
        }
        return Optional.empty();
    }

    /** Returns whether a run continues its own conversation, not that of another run. */
    public static boolean continuesItself(Run run, ResumedConversation conversation) {
        return run.attempt() > 1 && sessionOf(run).equals(Optional.of(conversation.sessionId()));
    }

    /** Returns the run and the runs that it resumes, the run first. */
    private static List<Run> chain(Engine engine, Run run) {
        List<Run> chain = new ArrayList<>();
        ResumeChain.of(
                        run,
                        id ->
                                engine.backend()
                                        .runs()
                                        .find(run.project(), run.task(), id)
                                        .map(StoredRun::run))
                .forEach(
                        id ->
                                (id.equals(run.id())
                                                ? Optional.of(run)
                                                : engine.backend()
                                                        .runs()
                                                        .find(run.project(), run.task(), id)
                                                        .map(StoredRun::run))
                                        .ifPresent(chain::add));
        Collections.reverse(chain);
        return chain;
    }

    private static JsonText tokens(List<Run> runs, String session) {
        return runs.stream()
                .filter(run -> sessionOf(run).equals(Optional.of(session)))
                .map(run -> TokenCounts.of(run.state()))
                .reduce(TokenCounts.NONE, TokenCounts::sum);
    }

    private static Optional<String> sessionOf(Run run) {
        return JsonObject.tryParse(run.state()).flatMap(state -> state.text(SESSION_ID));
    }
}
