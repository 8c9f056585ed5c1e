package dev.errand.process;

import dev.errand.spi.sandbox.SandboxId;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The operating-system users of sandboxes. If there is one user, all sandboxes share it. If there
 * are several, each user belongs to one sandbox at a time, so agents cannot reach each other, and
 * every process of a user belongs to the user's sandbox. Thread-safe.
 */
final class SandboxUsers {

    private final List<SandboxUser> users;
    private final ProcessTable table;
    private final WorkDirectory workDirectory;

    /** The sandboxes that have a user for themselves, by its uid; guarded by this. */
    private final Map<Integer, Owner> owners = new HashMap<>();

    SandboxUsers(List<SandboxUser> users, ProcessTable table, WorkDirectory workDirectory) {
        this.users = List.copyOf(users);
        this.table = table;
        this.workDirectory = workDirectory;
    }

    /**
     * A sandbox with a user for itself.
     *
     * @param lock keeps launchers of other processes from using the user before the agent runs;
     *     empty if another launcher holds it
     */
    private record Owner(SandboxId sandbox, Optional<FileLock> lock) {}

    /** Returns whether agents run as the user of this process. */
    boolean isEmpty() {
        return users.isEmpty();
    }

    List<String> names() {
        return users.stream().map(SandboxUser::name).toList();
    }

    /** Returns whether each sandbox has its user for itself. */
    boolean areExclusive() {
        return users.size() > 1;
    }

    /**
     * Chooses the user of a new sandbox; empty if agents run as the user of this process.
     *
     * @throws dev.errand.spi.PortException if every user belongs to a sandbox
     */
    synchronized Optional<SandboxUser> acquire(SandboxId sandbox) {
        if (!areExclusive()) {
            return users.stream().findFirst();
        }
        Set<Long> running =
                table.processes().stream()
                        .map(process -> table.userOf(process.pid()))
                        .collect(Collectors.toSet());
        for (SandboxUser user : users) {
            if (owners.containsKey(user.uid()) || running.contains((long) user.uid())) {
                continue;
            }
            Optional<FileLock> lock = workDirectory.lock(user);
            if (lock.isPresent()) {
                owners.put(user.uid(), new Owner(sandbox, lock));
                return Optional.of(user);
            }
        }
        throw PortExceptions.retryable(
                "all " + users.size() + " sandbox users are in use: processes run as each of them");
    }

    /**
     * Returns the user of a sandbox that an earlier launcher started, if it is still configured.
     */
    synchronized Optional<SandboxUser> adopt(SandboxId sandbox, String name) {
        Optional<SandboxUser> found =
                users.stream().filter(user -> user.name().equals(name)).findFirst();
        if (areExclusive()) {
            found.ifPresent(
                    user ->
                            owners.computeIfAbsent(
                                    user.uid(),
                                    free -> new Owner(sandbox, workDirectory.lock(user))));
        }
        return found;
    }

    /** Returns the id of a user if everything that runs as it belongs to one sandbox. */
    OptionalLong idIfExclusive(Optional<SandboxUser> user) {
        return areExclusive() && user.isPresent()
                ? OptionalLong.of(user.get().uid())
                : OptionalLong.empty();
    }

    /** Makes the user of a sandbox available to others; its files must be out of reach by now. */
    synchronized void release(SandboxId sandbox) {
        owners.values().stream()
                .filter(owner -> owner.sandbox().equals(sandbox))
                .flatMap(owner -> owner.lock().stream())
                .forEach(SandboxUsers::release);
        owners.values().removeIf(owner -> owner.sandbox().equals(sandbox));
    }

    private static void release(FileLock lock) {
        try {
            lock.release();
        } catch (IOException closed) {
            // Closing the work directory released all locks.
        }
    }
}
