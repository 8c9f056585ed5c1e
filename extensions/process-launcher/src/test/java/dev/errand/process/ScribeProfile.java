package dev.errand.process;

import dev.errand.agents.AgentFailure;
import dev.errand.agents.AgentLaunch;
import dev.errand.agents.AgentProfile;
import dev.errand.agents.AgentResult;
import dev.errand.agents.AgentRun;
import dev.errand.agents.AgentStream;
import dev.errand.agents.SessionUpdates;
import dev.errand.spi.JsonText;
import dev.errand.spi.Secret;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.SandboxListener.Source;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the program {@code scribe}, which prints {@code say:} in front of its messages. */
record ScribeProfile(String program) implements AgentProfile {

    private static final String KEY = "SCRIBE_KEY";

    @Override
    public String name() {
        return "scribe";
    }

    @Override
    public Optional<String> missingCredential(Map<String, String> host) {
        return host.containsKey(KEY) ? Optional.empty() : Optional.of("Set " + KEY + ".");
    }

    @Override
    public Optional<String> version(String printed) {
        return Optional.of(printed).filter(text -> text.startsWith("scribe "));
    }

    @Override
    public AgentLaunch launch(AgentRun run, Map<String, String> host, Path home) {
        String model = run.model().orElse("default");
        Secret key = Secret.of(host.getOrDefault(KEY, ""));
        return new AgentLaunch(
                List.of(program, "--model=" + model), Map.of(KEY, key), List.of(), List.of());
    }

    @Override
    public AgentStream stream(AgentRun run) {
        return new Stream();
    }

    @Override
    public String sessionFile(String sessionId) {
        return "sessions/" + sessionId;
    }

    private static final class Stream implements AgentStream {
        private Optional<String> last = Optional.empty();

        @Override
        public List<JsonText> translate(Source source, String line, Instant time) {
            SessionUpdates updates = new SessionUpdates(time);
            if (source == Source.STDOUT && line.startsWith("say:")) {
                last = Optional.of(line.substring(4).strip());
                return updates.message(last.get()).entries();
            }
            return updates.console(SessionUpdates.Level.INFO, line).entries();
        }

        @Override
        public AgentResult result(int exitCode, Optional<StopReason> stop, Instant now) {
            Optional<AgentFailure> failure =
                    exitCode == 0 || stop.isPresent()
                            ? Optional.empty()
                            : Optional.of(
                                    AgentFailure.of(
                                            AgentFailure.Kind.FAILED, last.orElse("no message")));
            return new AgentResult(
                    Optional.empty(),
                    last,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    failure);
        }
    }
}
