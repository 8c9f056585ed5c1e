package dev.errand.process;

import dev.errand.agents.AgentProfile;
import dev.errand.agents.AgentRun;
import dev.errand.agents.AgentStream;
import dev.errand.agents.TokenUsage;
import dev.errand.spi.JsonText;
import java.io.InputStream;
import java.util.Optional;

/**
 * The profile whose program a sandbox runs. Its name is kept with the sandbox, so that the next
 * launcher understands the output, too.
 *
 * @param profile the profile
 * @param hasSchema whether the program was given a schema of its output
 * @param usageBefore the tokens of the conversation that it continues
 */
record ActiveProfile(AgentProfile profile, boolean hasSchema, TokenUsage usageBefore) {

    /**
     * The longest line that is read as one, because programs print the whole result of a tool call
     * on a line.
     */
    static final int MAX_LINE_BYTES = 16 * 1024 * 1024;

    private static final String WITH_SCHEMA = " with-schema";

    private static final String USAGE_BEFORE = " usage-before=";

    /** Returns the profile of a sandbox, if the launcher has it. */
    static Optional<ActiveProfile> parse(String line, AgentPrograms programs) {
        int end = line.indexOf(USAGE_BEFORE);
        String start = end < 0 ? line : line.substring(0, end);
        TokenUsage usage =
                end < 0
                        ? TokenUsage.NONE
                        : TokenUsage.parse(
                                JsonText.of(line.substring(end + USAGE_BEFORE.length())));
        boolean hasSchema = start.endsWith(WITH_SCHEMA);
        String name = hasSchema ? start.substring(0, start.length() - WITH_SCHEMA.length()) : start;
        return Optional.ofNullable(programs.profiles().get(name))
                .map(profile -> new ActiveProfile(profile, hasSchema, usage));
    }

    String line() {
        return profile.name()
                + (hasSchema ? WITH_SCHEMA : "")
                + (usageBefore.equals(TokenUsage.NONE)
                        ? ""
                        : USAGE_BEFORE + usageBefore.toJson().text());
    }

    AgentStream stream() {
        return profile.stream(
                new AgentRun(
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        hasSchema ? Optional.of(JsonText.EMPTY_OBJECT) : Optional.empty(),
                        usageBefore.equals(TokenUsage.NONE)
                                ? Optional.empty()
                                : Optional.of(
                                        new AgentRun.Session(
                                                "resumed",
                                                InputStream::nullInputStream,
                                                usageBefore))));
    }
}
