package dev.errand.agents;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * An agent program that a launcher can run: how a run becomes its command line, and what its output
 * means. A profile holds no state of a run and starts nothing, so any launcher can use it.
 *
 * <p>{@link ClaudeProfile} and {@link CodexProfile} are provided. Implementations are thread-safe.
 */
public interface AgentProfile {

    /**
     * Returns the name by which operators choose the profile, such as {@code claude}. It equals the
     * run's {@code runtime_adapter} (docs/wire/enums.md#b6) if there is one for this program.
     */
    String name();

    /** Returns the program: an absolute path, or a name to look up on the {@code PATH}. */
    String program();

    /**
     * Returns a message for people that names the missing credential and how to provide it, or
     * empty if a credential is available.
     *
     * @param host the environment variables of the host
     */
    Optional<String> missingCredential(Map<String, String> host);

    /**
     * Returns the version of the program.
     *
     * @param printed what {@code <program> --version} printed
     * @return empty if the text is not from this program
     */
    Optional<String> version(String printed);

    /**
     * Returns how the program is started for a run. The prompt is not part of it: the launcher
     * gives it on standard input.
     *
     * @param run what the run asks for
     * @param host the environment variables of the host, of which the profile passes on some
     * @param home an absolute path of a private directory of the sandbox, as the program sees it;
     *     the launcher creates it and writes the files there
     */
    AgentLaunch launch(AgentRun run, Map<String, String> host, Path home);

    /** Returns a new reader of what the program prints for a run. */
    AgentStream stream(AgentRun run);

    /**
     * Returns a glob pattern, relative to {@code home}, of the file in which the program keeps a
     * conversation. Launchers keep that file for runs that resume the conversation.
     */
    String sessionFile(String sessionId);
}
