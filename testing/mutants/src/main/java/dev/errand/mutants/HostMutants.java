package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W1;
import static dev.errand.mutants.FailureMode.W5;
import static dev.errand.mutants.FailureMode.W6;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.mutants.Mutant.Part;
import dev.errand.spi.ProjectId;
import dev.errand.spi.project.Ownership;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.MessageRelay;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunEvent.RunChanged;
import dev.errand.spi.run.RunListener;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Engines with a broken rule, simulated by altering their calls of the host. */
final class HostMutants {

    private HostMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W6, ProjectDirectory.class, "findProject", "accepts unknown projects", HostMutants::anyProject),
            mutant(W6, ProjectDirectory.class, "ownershipOfSignalReport", "accepts reports of other projects", call -> Ownership.OWN),
            mutant(W1, RunListener.class, "onEvent", "omits the previous state of the run", changed(it -> new RunChanged(Optional.empty(), it.run()))),
            mutant(W5, RunListener.class, "onEvent", "reports the previous version number", changed(HostMutants::withPreviousVersion)),
            mutant(W1, MessageRelay.class, "relay", "changes the message", call -> call.proceedWith(1, call.<String>argument(1) + "!")),
            mutant(W5, MessageRelay.class, "relay", "reports queued messages as skipped", HostMutants::skips));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, Class<?> port, String method, String name, Defect defect) {
        return new Mutant(Part.RULE, failureMode, port, method, name, defect);
    }

    private static Object anyProject(Call call) {
        Optional<?> found = (Optional<?>) call.proceed();
        ProjectId project = call.argument(0);
        return found.isPresent() ? found : Optional.of(new Project(project, "any"));
    }

    private static Defect changed(UnaryOperator<RunChanged> broken) {
        return call ->
                call.<RunEvent>argument(0) instanceof RunChanged change
                                && change.before().isPresent()
                        ? call.proceedWith(0, broken.apply(change))
                        : call.proceed();
    }

    private static RunChanged withPreviousVersion(RunChanged change) {
        Run run = change.run();
        Run outdated = RuleMutants.asVersionOf(change.before().orElseThrow(), run);
        return new RunChanged(change.before(), outdated);
    }

    private static Object skips(Call call) {
        call.proceed();
        return Optional.empty();
    }
}
