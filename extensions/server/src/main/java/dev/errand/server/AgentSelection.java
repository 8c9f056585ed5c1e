package dev.errand.server;

import dev.errand.agents.AgentProfile;
import dev.errand.process.AgentCommand;
import dev.errand.process.ProcessLauncher;
import dev.errand.process.ProcessLauncherBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The programs that carry out runs.
 *
 * @param command the command of runs that choose no program; empty for the first profile
 * @param profiles the profiles; a run's {@code runtime_adapter} chooses one by its name
 */
public record AgentSelection(Optional<AgentCommand> command, List<AgentProfile> profiles) {

    /**
     * Checks that there is a program.
     *
     * @throws IllegalArgumentException if there is neither a command nor a profile
     */
    public AgentSelection {
        Objects.requireNonNull(command, "command");
        profiles = List.copyOf(profiles);
        if (command.isEmpty() && profiles.isEmpty()) {
            throw new IllegalArgumentException("agent must be a command or a profile");
        }
    }

    /** Returns a selection of one command for all runs. */
    public static AgentSelection of(AgentCommand command) {
        return new AgentSelection(Optional.of(command), List.of());
    }

    /** Returns a selection of profiles, of which the first is the default. */
    public static AgentSelection of(List<AgentProfile> profiles) {
        return new AgentSelection(Optional.empty(), profiles);
    }

    ProcessLauncherBuilder launcher(Path workDirectory) {
        ProcessLauncherBuilder builder =
                command.map(words -> ProcessLauncher.builder(workDirectory, words))
                        .orElseGet(() -> ProcessLauncher.builder(workDirectory, profiles.get(0)));
        profiles.forEach(builder::profile);
        return builder;
    }

    /** Returns one sentence for operators. */
    String sentence() {
        if (command.isPresent()) {
            return "runs are carried out by " + command.get().words().get(0);
        }
        List<String> names = profiles.stream().map(AgentProfile::name).toList();
        return "runs are carried out by "
                + names.get(0)
                + (names.size() == 1
                        ? ""
                        : ", or if they choose it, by "
                                + String.join(", ", names.subList(1, names.size())));
    }

    /** Returns the command and the names of the profiles. */
    @Override
    public String toString() {
        return "AgentSelection[%s, profiles=%s]"
                .formatted(command, profiles.stream().map(AgentProfile::name).toList());
    }
}
