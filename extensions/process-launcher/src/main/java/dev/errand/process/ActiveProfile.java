package dev.errand.process;

import dev.errand.agents.AgentProfile;
import dev.errand.agents.AgentRun;
import dev.errand.agents.AgentStream;
import dev.errand.spi.JsonText;
import java.util.Optional;

/**
 * The profile whose program a sandbox runs. Its name is kept with the sandbox, so that the next
 * launcher understands the output, too.
 *
 * @param profile the profile
 * @param hasSchema whether the program was given a schema of its output
 */
record ActiveProfile(AgentProfile profile, boolean hasSchema) {

    /**
     * The longest line that is read as one, because programs print the whole result of a tool call
     * on a line.
     */
    static final int MAX_LINE_BYTES = 16 * 1024 * 1024;

    private static final String WITH_SCHEMA = " with-schema";

    /** Returns the profile of a sandbox, if the launcher has it. */
    static Optional<ActiveProfile> parse(String line, AgentPrograms programs) {
        boolean hasSchema = line.endsWith(WITH_SCHEMA);
        String name = hasSchema ? line.substring(0, line.length() - WITH_SCHEMA.length()) : line;
        return Optional.ofNullable(programs.profiles().get(name))
                .map(profile -> new ActiveProfile(profile, hasSchema));
    }

    String line() {
        return profile.name() + (hasSchema ? WITH_SCHEMA : "");
    }

    AgentStream stream() {
        return profile.stream(
                new AgentRun(
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        hasSchema ? Optional.of(JsonText.EMPTY_OBJECT) : Optional.empty(),
                        Optional.empty()));
    }
}
