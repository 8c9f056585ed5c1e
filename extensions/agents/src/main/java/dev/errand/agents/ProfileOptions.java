package dev.errand.agents;

import dev.errand.spi.run.PermissionMode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an operator can choose for a profile. Immutable.
 *
 * @param program the program, instead of the one that the profile names
 * @param permissionMode the permission mode of runs that request none; if empty, agents may change
 *     the files of their workspace
 * @param loginDirectory a directory in which a person has logged in with the program. Its login is
 *     copied for each run and never written back, and keys of the environment are not passed on
 * @param maxBudgetUsd the budget of a run in US dollars; there is none by default
 * @param mcpServers MCP servers for all runs
 */
public record ProfileOptions(
        Optional<String> program,
        Optional<PermissionMode> permissionMode,
        Optional<Path> loginDirectory,
        Optional<BigDecimal> maxBudgetUsd,
        List<McpServer> mcpServers) {

    /** The default options: every option is empty. */
    public static final ProfileOptions DEFAULT =
            new ProfileOptions(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of());

    /**
     * Checks the budget and copies the list.
     *
     * @throws IllegalArgumentException if the budget is not positive
     */
    public ProfileOptions {
        Objects.requireNonNull(program, "program");
        Objects.requireNonNull(permissionMode, "permissionMode");
        Objects.requireNonNull(loginDirectory, "loginDirectory");
        if (maxBudgetUsd.isPresent() && maxBudgetUsd.get().signum() <= 0) {
            throw new IllegalArgumentException(
                    "maxBudgetUsd must be positive, not " + maxBudgetUsd.get());
        }
        mcpServers = List.copyOf(mcpServers);
    }

    /** Returns a copy with another program. */
    public ProfileOptions withProgram(String changed) {
        return new ProfileOptions(
                Optional.of(changed), permissionMode, loginDirectory, maxBudgetUsd, mcpServers);
    }

    /** Returns a copy with other permissions for runs that ask for none. */
    public ProfileOptions withPermissionMode(PermissionMode changed) {
        return new ProfileOptions(
                program, Optional.of(changed), loginDirectory, maxBudgetUsd, mcpServers);
    }

    /** Returns a copy with a login directory. */
    public ProfileOptions withLoginDirectory(Path changed) {
        return new ProfileOptions(
                program, permissionMode, Optional.of(changed), maxBudgetUsd, mcpServers);
    }

    /** Returns a copy with a budget. */
    public ProfileOptions withMaxBudgetUsd(BigDecimal changed) {
        return new ProfileOptions(
                program, permissionMode, loginDirectory, Optional.of(changed), mcpServers);
    }

    /** Returns a copy with other MCP servers. */
    public ProfileOptions withMcpServers(List<McpServer> changed) {
        return new ProfileOptions(program, permissionMode, loginDirectory, maxBudgetUsd, changed);
    }
}
