package dev.errand.process;

import dev.errand.agents.AgentProfile;
import dev.errand.agents.AgentRun;
import dev.errand.spi.sandbox.LaunchRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The programs that a launcher can run, and the rule by which a run gets one.
 *
 * @param command the command of runs that choose no program, if that is not a profile
 * @param fallback the profile of runs that choose no program
 * @param profiles all profiles by name
 */
record AgentPrograms(
        Optional<AgentCommand> command,
        Optional<AgentProfile> fallback,
        Map<String, AgentProfile> profiles) {

    static AgentPrograms of(AgentCommand command) {
        return new AgentPrograms(Optional.of(command), Optional.empty(), Map.of());
    }

    static AgentPrograms of(AgentProfile profile) {
        return new AgentPrograms(
                Optional.empty(), Optional.of(profile), Map.of(profile.name(), profile));
    }

    AgentPrograms with(AgentProfile profile) {
        Map<String, AgentProfile> more = new TreeMap<>(profiles);
        more.put(profile.name(), profile);
        return new AgentPrograms(command, fallback, Map.copyOf(more));
    }

    /**
     * Returns the profile for a run: the one that the run's {@code runtime_adapter} names, or the
     * fallback; empty if the run is executed by the command.
     *
     * @throws dev.errand.spi.PortException if there is no such profile
     */
    Optional<AgentProfile> profileFor(LaunchRequest request) {
        Optional<String> adapter = AgentRun.adapterOf(request);
        if (adapter.isEmpty() || profiles.isEmpty()) {
            return fallback;
        }
        Optional<AgentProfile> chosen = adapter.map(profiles::get);
        if (chosen.isEmpty()) {
            throw PortExceptions.permanent(
                    "this launcher has no agent for runtime_adapter '"
                            + adapter.get()
                            + "', only for "
                            + String.join(", ", new TreeMap<>(profiles).keySet()));
        }
        return chosen;
    }

    /** Returns the names or paths of all programs. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        command.ifPresent(words -> names.add(words.program()));
        profiles.values().forEach(profile -> names.add(profile.program()));
        return List.copyOf(names);
    }
}
