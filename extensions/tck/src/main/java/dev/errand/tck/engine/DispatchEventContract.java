package dev.errand.tck.engine;

import static dev.errand.tck.engine.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.dispatch.DispatchEvent;
import dev.errand.spi.dispatch.SandboxLauncher;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * In which order a dispatcher tells what it does, whatever else goes on while somebody listens:
 * from the claim of a run to letting go of it, each time anew.
 */
public abstract class DispatchEventContract extends DispatchScene {

    private final List<String> told = new CopyOnWriteArrayList<>();
    private Class<? extends DispatchEvent> awaited;
    private Runnable meanwhile;

    /** For the subclasses, one a backend. */
    protected DispatchEventContract() {}

    private void listenTo(SandboxLauncher real) {
        dispatcher.close();
        dispatcher = errand.dispatcher(real, options("node-2"), this::hear);
    }

    /** Does something while the next event of a kind is told. */
    private void during(Class<? extends DispatchEvent> kind, Runnable action) {
        awaited = kind;
        meanwhile = action;
    }

    private void hear(DispatchEvent event) {
        if (event.getClass() == awaited) {
            awaited = null;
            meanwhile.run();
        }
        told.add(event.getClass().getSimpleName());
    }

    @Test
    void nobodyBeginsARunBeforeItIsToldThatItWasTakenUp() {
        listenTo(between(launcher));
        during(DispatchEvent.TakenUp.class, dispatcher::runOnce); // As a slot that comes free does.
        queue();

        dispatcher.runOnce();

        assertThat(told).containsExactly("TakenUp", "Launched");
    }

    /** Or its end would be taken for the end of what was begun anew. */
    @Test
    void nobodyTakesARunUpAnewBeforeItIsToldThatItWasLetGo() throws Exception {
        listenTo(between(launcher));
        FutureTask<Integer> turn = new FutureTask<>(dispatcher::runOnce);
        Thread another = new Thread(turn);
        during(
                DispatchEvent.LetGo.class,
                () -> {
                    clock.advance(Duration.ofSeconds(2)); // Its next launch is due.
                    another.start();
                    until(
                            "the other has to wait, or does not",
                            () ->
                                    another.getState() == Thread.State.BLOCKED
                                            || Collections.frequency(told, "TakenUp") == 2);
                });
        launcher.failNextLaunch("no room");
        queue();

        dispatcher.runOnce();
        turn.get(20, TimeUnit.SECONDS);

        assertThat(told).containsExactly("TakenUp", "LaunchFailed", "LetGo", "TakenUp", "Launched");
    }

    @Test
    void whoComesBackFromALookAfterItWasLetGoTellsNothingMore() {
        launched();
        HookedLauncher hooked = new HookedLauncher(between(launcher));
        listenTo(hooked);
        hooked.onInspected(
                state -> {
                    hooked.behave();
                    clock.advance(Duration.ofMinutes(15).plusSeconds(1));
                    dispatcher.runOnce(); // What its loop does while a look does not come back.
                    return state;
                });

        dispatcher.runOnce();

        assertThat(told).containsExactly("TakenUp", "LetGo", "TakenUp", "Adopted");
    }
}
