package dev.errand.server;

import dev.errand.process.AgentCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How a server runs agents, as processes on its own machine.
 *
 * @param command what each run starts
 * @param workDirectory where sandboxes have their directories, those of failed ones are kept; empty
 *     for a temporary directory that goes with the server
 * @param slots how many agents run at a time
 * @param timeLimit how long one agent may run
 * @param silenceLimit how long one agent may be silent: it prints nothing and reports nothing, and
 *     does not wait for a person
 * @param stopGrace how long an agent gets to end when it is asked to, before it is made to
 * @param leaseFor how long a run is this server's without a sign of life; then another one goes on
 * @param passOn which of the server's environment variables agents get beside the usual few
 * @param variables further variables of each agent, by name
 * @param sandboxes how their directories and processes are kept
 */
public record AgentOptions(
        AgentCommand command,
        Optional<Path> workDirectory,
        int slots,
        Duration timeLimit,
        Duration silenceLimit,
        Duration stopGrace,
        Duration leaseFor,
        List<String> passOn,
        Map<String, String> variables,
        SandboxOptions sandboxes) {

    /** How many agents run at a time where nobody says. */
    public static final int DEFAULT_SLOTS = 4;

    /** How long an agent may run where nobody says. */
    public static final Duration DEFAULT_TIME_LIMIT = Duration.ofHours(1);

    /** How long an agent may be silent where nobody says. */
    public static final Duration DEFAULT_SILENCE_LIMIT = Duration.ofMinutes(30);

    /** How long an agent gets to end where nobody says. */
    public static final Duration DEFAULT_STOP_GRACE = Duration.ofSeconds(10);

    /** How long a run is a server's without a sign of life where nobody says. */
    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);

    /**
     * Copies and checks.
     *
     * @throws IllegalArgumentException if {@code slots} is below 1, or {@code timeLimit}, {@code
     *     silenceLimit}, {@code stopGrace} or {@code leaseFor} is not positive
     */
    public AgentOptions {
        Objects.requireNonNull(command, "command");
        Objects.requireNonNull(workDirectory, "workDirectory");
        if (slots < 1) {
            throw new IllegalArgumentException("slots must be 1 or more, not " + slots);
        }
        requirePositive("timeLimit", timeLimit);
        requirePositive("silenceLimit", silenceLimit);
        requirePositive("stopGrace", stopGrace);
        requirePositive("leaseFor", leaseFor);
        Objects.requireNonNull(sandboxes, "sandboxes");
        passOn = List.copyOf(passOn);
        variables = Map.copyOf(variables);
    }

    /** Agents of this command, with defaults for the rest. */
    public static AgentOptions of(AgentCommand command) {
        return new AgentOptions(
                command,
                Optional.empty(),
                DEFAULT_SLOTS,
                DEFAULT_TIME_LIMIT,
                DEFAULT_SILENCE_LIMIT,
                DEFAULT_STOP_GRACE,
                DEFAULT_LEASE,
                List.of(),
                Map.of(),
                SandboxOptions.DEFAULT);
    }

    /** These options with a work directory that outlives the server. */
    public AgentOptions withWorkDirectory(Path changed) {
        return new AgentOptions(
                command,
                Optional.of(changed),
                slots,
                timeLimit,
                silenceLimit,
                stopGrace,
                leaseFor,
                passOn,
                variables,
                sandboxes);
    }

    /** These options with another number of agents at a time. */
    public AgentOptions withSlots(int changed) {
        return new AgentOptions(
                command,
                workDirectory,
                changed,
                timeLimit,
                silenceLimit,
                stopGrace,
                leaseFor,
                passOn,
                variables,
                sandboxes);
    }

    /** These options with another time limit. */
    public AgentOptions withTimeLimit(Duration changed) {
        return new AgentOptions(
                command,
                workDirectory,
                slots,
                changed,
                silenceLimit,
                stopGrace,
                leaseFor,
                passOn,
                variables,
                sandboxes);
    }

    /** These options with another limit on silence. */
    public AgentOptions withSilenceLimit(Duration changed) {
        return new AgentOptions(
                command,
                workDirectory,
                slots,
                timeLimit,
                changed,
                stopGrace,
                leaseFor,
                passOn,
                variables,
                sandboxes);
    }

    /** These options with another time to end in. */
    public AgentOptions withStopGrace(Duration changed) {
        return new AgentOptions(
                command,
                workDirectory,
                slots,
                timeLimit,
                silenceLimit,
                changed,
                leaseFor,
                passOn,
                variables,
                sandboxes);
    }

    /** These options with other variables passed on. */
    public AgentOptions withPassOn(List<String> changed) {
        return new AgentOptions(
                command,
                workDirectory,
                slots,
                timeLimit,
                silenceLimit,
                stopGrace,
                leaseFor,
                changed,
                variables,
                sandboxes);
    }

    /** These options with other variables given. */
    public AgentOptions withVariables(Map<String, String> changed) {
        return new AgentOptions(
                command,
                workDirectory,
                slots,
                timeLimit,
                silenceLimit,
                stopGrace,
                leaseFor,
                passOn,
                changed,
                sandboxes);
    }

    /** These options with other leases. */
    public AgentOptions withLeaseFor(Duration changed) {
        return new AgentOptions(
                command,
                workDirectory,
                slots,
                timeLimit,
                silenceLimit,
                stopGrace,
                changed,
                passOn,
                variables,
                sandboxes);
    }

    /** These options with sandboxes kept otherwise. */
    public AgentOptions withSandboxes(SandboxOptions changed) {
        return new AgentOptions(
                command,
                workDirectory,
                slots,
                timeLimit,
                silenceLimit,
                stopGrace,
                leaseFor,
                passOn,
                variables,
                changed);
    }

    /** Whether agents are ended when the server is. */
    boolean endWithServer() {
        return sandboxes.endsWithServer().orElse(workDirectory.isEmpty());
    }

    /** Names the variables and hides what they hold. */
    @Override
    public String toString() {
        return "AgentOptions[%s, workDirectory=%s, slots=%d, timeLimit=%s, variables=%s]"
                .formatted(command, workDirectory, slots, timeLimit, variables.keySet());
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
