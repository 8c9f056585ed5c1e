package dev.errand.server;

import dev.errand.process.AgentCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How a server runs agents as processes on its own machine.
 *
 * @param selection the programs that carry out runs
 * @param workDirectory the directory for sandboxes; empty for a temporary directory that is deleted
 *     when the server stops
 * @param slots the maximum number of agents that run at the same time
 * @param timeLimit the maximum run time of an agent
 * @param inactivityLimit the maximum time for which an agent may print and report nothing, unless
 *     it waits for a user
 * @param gracePeriod the time between SIGTERM and SIGKILL when an agent is stopped
 * @param leaseDuration the time without lease renewal after which another server takes over a run
 * @param inheritedVariables the environment variables of the server that agents inherit in addition
 *     to {@code PATH}, {@code LANG}, {@code LC_*} and {@code TZ}
 * @param variables further environment variables of agents
 * @param sandboxes how sandboxes are kept and limited
 * @param repositories from where agents get the repositories of their tasks; empty if they start in
 *     an empty directory
 */
public record AgentOptions(
        AgentSelection selection,
        Optional<Path> workDirectory,
        int slots,
        Duration timeLimit,
        Duration inactivityLimit,
        Duration gracePeriod,
        Duration leaseDuration,
        List<String> inheritedVariables,
        Map<String, String> variables,
        SandboxOptions sandboxes,
        Optional<RepositoryOptions> repositories) {

    /** The default of {@link #slots}. */
    public static final int DEFAULT_SLOTS = 4;

    /** The default of {@link #timeLimit}. */
    public static final Duration DEFAULT_TIME_LIMIT = Duration.ofHours(1);

    /** The default of {@link #inactivityLimit}. */
    public static final Duration DEFAULT_INACTIVITY_LIMIT = Duration.ofMinutes(30);

    /** The default of {@link #gracePeriod}. */
    public static final Duration DEFAULT_GRACE_PERIOD = Duration.ofSeconds(10);

    /** The default of {@link #leaseDuration}. */
    public static final Duration DEFAULT_LEASE_DURATION = Duration.ofSeconds(30);

    /**
     * Validates the values.
     *
     * @throws IllegalArgumentException if {@code slots} is below 1, or {@code timeLimit}, {@code
     *     inactivityLimit}, {@code gracePeriod} or {@code leaseDuration} is not positive, or there
     *     are fewer sandbox users than slots, but more than one
     */
    public AgentOptions {
        Objects.requireNonNull(selection, "selection");
        Objects.requireNonNull(workDirectory, "workDirectory");
        if (slots < 1) {
            throw new IllegalArgumentException("slots must be 1 or more, not " + slots);
        }
        requirePositive("timeLimit", timeLimit);
        requirePositive("inactivityLimit", inactivityLimit);
        requirePositive("gracePeriod", gracePeriod);
        requirePositive("leaseDuration", leaseDuration);
        Objects.requireNonNull(sandboxes, "sandboxes");
        Objects.requireNonNull(repositories, "repositories");
        long users = sandboxes.users().stream().distinct().count();
        if (users > 1 && users < slots) {
            throw new IllegalArgumentException(
                    "sandbox-user: name one user for all agents, or at least as many as slots, not %d for %d slots"
                            .formatted(users, slots));
        }
        inheritedVariables = List.copyOf(inheritedVariables);
        variables = Map.copyOf(variables);
    }

    /** Returns options for a command, with defaults for everything else. */
    public static AgentOptions of(AgentCommand command) {
        return of(AgentSelection.of(command));
    }

    /** Returns options for programs, with defaults for everything else. */
    public static AgentOptions of(AgentSelection selection) {
        return new AgentOptions(
                selection,
                Optional.empty(),
                DEFAULT_SLOTS,
                DEFAULT_TIME_LIMIT,
                DEFAULT_INACTIVITY_LIMIT,
                DEFAULT_GRACE_PERIOD,
                DEFAULT_LEASE_DURATION,
                List.of(),
                Map.of(),
                SandboxOptions.DEFAULT,
                Optional.empty());
    }

    /** Returns a copy with the given work directory. */
    public AgentOptions withWorkDirectory(Path changed) {
        return new AgentOptions(
                selection,
                Optional.of(changed),
                slots,
                timeLimit,
                inactivityLimit,
                gracePeriod,
                leaseDuration,
                inheritedVariables,
                variables,
                sandboxes,
                repositories);
    }

    /** Returns a copy with the given number of slots. */
    public AgentOptions withSlots(int changed) {
        return new AgentOptions(
                selection,
                workDirectory,
                changed,
                timeLimit,
                inactivityLimit,
                gracePeriod,
                leaseDuration,
                inheritedVariables,
                variables,
                sandboxes,
                repositories);
    }

    /** Returns a copy with the given time limit. */
    public AgentOptions withTimeLimit(Duration changed) {
        return new AgentOptions(
                selection,
                workDirectory,
                slots,
                changed,
                inactivityLimit,
                gracePeriod,
                leaseDuration,
                inheritedVariables,
                variables,
                sandboxes,
                repositories);
    }

    /** Returns a copy with the given inactivity limit. */
    public AgentOptions withInactivityLimit(Duration changed) {
        return new AgentOptions(
                selection,
                workDirectory,
                slots,
                timeLimit,
                changed,
                gracePeriod,
                leaseDuration,
                inheritedVariables,
                variables,
                sandboxes,
                repositories);
    }

    /** Returns a copy with the given grace period. */
    public AgentOptions withGracePeriod(Duration changed) {
        return new AgentOptions(
                selection,
                workDirectory,
                slots,
                timeLimit,
                inactivityLimit,
                changed,
                leaseDuration,
                inheritedVariables,
                variables,
                sandboxes,
                repositories);
    }

    /** Returns a copy with the given names of inherited variables. */
    public AgentOptions withInheritedVariables(List<String> changed) {
        return new AgentOptions(
                selection,
                workDirectory,
                slots,
                timeLimit,
                inactivityLimit,
                gracePeriod,
                leaseDuration,
                changed,
                variables,
                sandboxes,
                repositories);
    }

    /** Returns a copy with the given variables. */
    public AgentOptions withVariables(Map<String, String> changed) {
        return new AgentOptions(
                selection,
                workDirectory,
                slots,
                timeLimit,
                inactivityLimit,
                gracePeriod,
                leaseDuration,
                inheritedVariables,
                changed,
                sandboxes,
                repositories);
    }

    /** Returns a copy with the given lease duration. */
    public AgentOptions withLeaseDuration(Duration changed) {
        return new AgentOptions(
                selection,
                workDirectory,
                slots,
                timeLimit,
                inactivityLimit,
                gracePeriod,
                changed,
                inheritedVariables,
                variables,
                sandboxes,
                repositories);
    }

    /** Returns a copy with the given sandbox options. */
    public AgentOptions withSandboxes(SandboxOptions changed) {
        return new AgentOptions(
                selection,
                workDirectory,
                slots,
                timeLimit,
                inactivityLimit,
                gracePeriod,
                leaseDuration,
                inheritedVariables,
                variables,
                changed,
                repositories);
    }

    /** Returns a copy whose agents work in checkouts. */
    public AgentOptions withRepositories(RepositoryOptions changed) {
        return new AgentOptions(
                selection,
                workDirectory,
                slots,
                timeLimit,
                inactivityLimit,
                gracePeriod,
                leaseDuration,
                inheritedVariables,
                variables,
                sandboxes,
                Optional.of(changed));
    }

    /** Returns whether agents are stopped when the server stops. */
    boolean stopsOnShutdown() {
        return sandboxes.stopOnShutdown().orElse(workDirectory.isEmpty());
    }

    /** Omits the values of variables, which may be credentials. */
    @Override
    public String toString() {
        return "AgentOptions[%s, workDirectory=%s, slots=%d, timeLimit=%s, variables=%s]"
                .formatted(selection, workDirectory, slots, timeLimit, variables.keySet());
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
