package dev.errand.process;

import dev.errand.agents.AgentLaunch;
import dev.errand.agents.AgentProfile;
import dev.errand.agents.AgentRun;
import dev.errand.agents.TokenUsage;
import dev.errand.spi.Secret;
import dev.errand.spi.sandbox.LaunchRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The program of one sandbox.
 *
 * @param file the executable file
 * @param arguments its arguments
 * @param launch what else its profile wants, if it has one
 * @param profile its profile
 */
record SandboxProgram(
        Path file,
        List<String> arguments,
        Optional<AgentLaunch> launch,
        Optional<ActiveProfile> profile) {

    /**
     * Chooses the program for a run.
     *
     * @throws dev.errand.spi.PortException if there is none, or its file does not exist
     */
    static SandboxProgram of(
            LauncherSettings settings, LaunchRequest request, SandboxDirectory directory) {
        Optional<AgentProfile> profile = settings.programs().profileFor(request);
        AgentRun run = AgentRun.of(request);
        Optional<AgentLaunch> launch =
                profile.map(it -> it.launch(run, settings.host(), directory.program()));
        List<String> words =
                launch.map(AgentLaunch::command)
                        .orElseGet(() -> settings.programs().command().orElseThrow().words());
        String searchPath = Objects.requireNonNull(settings.variables().get("PATH"));
        boolean hasSchema = run.outputSchema().isPresent();
        TokenUsage usageBefore = run.resumed().map(AgentRun.Session::usage).orElse(TokenUsage.NONE);
        return new SandboxProgram(
                AgentProcessStarter.program(words.get(0), searchPath),
                words.subList(1, words.size()),
                launch,
                profile.map(it -> new ActiveProfile(it, hasSchema, usageBefore)));
    }

    /** Adds the variables of the profile, which only this program gets. */
    void addVariables(Map<String, String> environment) {
        launch.map(AgentLaunch::environment)
                .orElse(Map.<String, Secret>of())
                .forEach((name, value) -> environment.put(name, value.reveal()));
    }
}
