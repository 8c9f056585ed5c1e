package dev.errand.agents;

import dev.errand.agents.AgentLaunch.PrivateFile;
import dev.errand.spi.Secret;
import dev.errand.spi.run.PermissionMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Codex, run as {@code codex exec} (docs/launcher-guide.md#codex).
 *
 * <p>A key in {@code OPENAI_API_KEY} is given to it in a file. Its conversations and settings are
 * in a directory of the sandbox.
 */
public final class CodexProfile implements AgentProfile {

    private static final List<String> KEYS = List.of("OPENAI_API_KEY", "CODEX_API_KEY");
    private static final String BASE_URL = "OPENAI_BASE_URL";

    private static final Set<String> PASSED_ON =
            Set.of(
                    "SSL_CERT_FILE",
                    "HTTP_PROXY",
                    "HTTPS_PROXY",
                    "NO_PROXY",
                    "http_proxy",
                    "https_proxy",
                    "no_proxy");

    private static final Set<String> EFFORTS =
            Set.of("minimal", "low", "medium", "high", "xhigh", "max");

    /** Modes of Claude become the nearest one. */
    static final Map<PermissionMode, String> SANDBOX_MODES =
            Map.of(
                    PermissionMode.DEFAULT, "workspace-write",
                    PermissionMode.ACCEPT_EDITS, "workspace-write",
                    PermissionMode.PLAN, "read-only",
                    PermissionMode.BYPASS_PERMISSIONS, "danger-full-access",
                    PermissionMode.AUTO, "workspace-write",
                    PermissionMode.READ_ONLY, "read-only",
                    PermissionMode.FULL_ACCESS, "danger-full-access");

    private static final Pattern VERSION = Pattern.compile("codex-cli (\\d+\\.\\d+\\.\\d+\\S*)");
    private static final String CONFIGURATION = "codex";
    private static final List<String> LOGIN_FILES = List.of("auth.json", "config.toml");

    /** The name of the settings that are laid over those of the operator. */
    private static final String LAYER = "errand";

    private final ProfileOptions options;

    /** Creates a profile with the given options. */
    public CodexProfile(ProfileOptions options) {
        this.options = Objects.requireNonNull(options, "options");
    }

    @Override
    public String name() {
        return "codex";
    }

    @Override
    public String program() {
        return options.program().orElse("codex");
    }

    @Override
    public Optional<String> missingCredential(Map<String, String> host) {
        if (options.loginDirectory().isPresent()) {
            Path login = options.loginDirectory().get().resolve("auth.json");
            return Files.isReadable(login)
                    ? Optional.empty()
                    : Optional.of(
                            "Agent codex has no login: "
                                    + login
                                    + " does not exist or cannot be read. Log in once with"
                                    + " CODEX_HOME="
                                    + options.loginDirectory().get()
                                    + " codex login, or name no login directory and set"
                                    + " OPENAI_API_KEY.");
        }
        return key(host).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "Agent codex has no credential. Set OPENAI_API_KEY to a key of the OpenAI"
                                + " API, or name a directory in which someone has logged in with"
                                + " --agent-home.");
    }

    @Override
    public Optional<String> version(String printed) {
        Matcher matcher = VERSION.matcher(printed);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    @Override
    public AgentLaunch launch(AgentRun run, Map<String, String> host, Path home) {
        List<String> words = new ArrayList<>();
        List<PrivateFile> files = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        words.addAll(List.of(program(), "exec", "--json", "--skip-git-repo-check"));
        words.addAll(List.of("--profile", LAYER));
        run.model().ifPresent(model -> words.add("--model=" + model));
        run.effort().ifPresent(effort -> addEffort(effort, words, notes));
        PermissionMode mode =
                run.permissionMode().or(options::permissionMode).orElse(PermissionMode.AUTO);
        words.addAll(List.of("--sandbox", SANDBOX_MODES.get(mode)));
        if (run.outputSchema().isPresent()) {
            files.add(PrivateFile.of("output-schema.json", run.outputSchema().get().text()));
            words.addAll(List.of("--output-schema", home.resolve("output-schema.json").toString()));
        }
        options.maxBudgetUsd()
                .ifPresent(
                        budget ->
                                notes.add(
                                        "Codex has no budget; it is not limited to "
                                                + budget.toPlainString()
                                                + " US dollars."));
        run.resumed().ifPresent(session -> addSession(session, words, files));
        words.add("-");
        files.add(PrivateFile.of(CONFIGURATION + "/" + LAYER + ".config.toml", layer(host, notes)));
        addLogin(host, files);
        Map<String, Secret> environment = new TreeMap<>(Environments.of(host, PASSED_ON));
        environment.put("CODEX_HOME", Secret.of(home.resolve(CONFIGURATION).toString()));
        return new AgentLaunch(words, environment, files, notes);
    }

    private static void addEffort(String effort, List<String> words, List<String> notes) {
        if (EFFORTS.contains(effort)) {
            words.addAll(List.of("--config", "model_reasoning_effort=\"" + effort + "\""));
        } else {
            notes.add("Codex has no reasoning effort " + effort + "; it uses its default.");
        }
    }

    /** The program finds a conversation by the end of the file's name, whatever its date. */
    private static void addSession(
            AgentRun.Session session, List<String> words, List<PrivateFile> files) {
        Path file =
                Path.of(
                        CONFIGURATION,
                        "sessions/2000/01/01",
                        "rollout-2000-01-01T00-00-00-" + session.id() + ".jsonl");
        files.add(new PrivateFile(file, session.file(), false));
        words.addAll(List.of("resume", session.id()));
    }

    private void addLogin(Map<String, String> host, List<PrivateFile> files) {
        if (options.loginDirectory().isPresent()) {
            for (String name : LOGIN_FILES) {
                Path login = options.loginDirectory().get().resolve(name);
                files.add(
                        new PrivateFile(
                                Path.of(CONFIGURATION, name),
                                () -> Files.newInputStream(login),
                                true));
            }
            return;
        }
        key(host)
                .ifPresent(
                        key ->
                                files.add(
                                        PrivateFile.of(
                                                CONFIGURATION + "/auth.json",
                                                "{\"OPENAI_API_KEY\":"
                                                        + JsonLines.quote(key)
                                                        + "}")));
    }

    private static Optional<String> key(Map<String, String> host) {
        return KEYS.stream().flatMap(name -> Environments.find(host, name).stream()).findFirst();
    }

    /** Settings in TOML that must not be arguments, because they may contain secrets. */
    private String layer(Map<String, String> host, List<String> notes) {
        StringBuilder toml = new StringBuilder();
        Environments.find(host, BASE_URL).ifPresent(url -> appendProvider(url, toml));
        for (McpServer server : options.mcpServers()) {
            if (server instanceof McpServer.Local local) {
                toml.append("\n[mcp_servers.").append(local.name()).append("]\n");
                toml.append("command = ").append(JsonLines.quote(local.command().get(0)));
                toml.append("\nargs = [");
                local.command().stream()
                        .skip(1)
                        .forEach(word -> toml.append(JsonLines.quote(word)).append(", "));
                toml.append("]\n");
                appendTable("env", local.environment(), toml);
            } else if (server instanceof McpServer.Remote remote && remote.type().equals("http")) {
                toml.append("\n[mcp_servers.").append(remote.name()).append("]\n");
                toml.append("url = ").append(JsonLines.quote(remote.url().toString())).append('\n');
                appendTable("http_headers", remote.headers(), toml);
            } else {
                notes.add("Codex cannot use MCP server " + server.name() + ", of type sse.");
            }
        }
        return toml.toString();
    }

    private static void appendProvider(String url, StringBuilder toml) {
        toml.append("model_provider = \"gateway\"\n\n[model_providers.gateway]\n");
        toml.append("name = \"gateway\"\nwire_api = \"responses\"\n");
        toml.append("requires_openai_auth = true\n");
        toml.append("base_url = ").append(JsonLines.quote(url)).append('\n');
    }

    private static void appendTable(String name, Map<String, Secret> members, StringBuilder toml) {
        if (members.isEmpty()) {
            return;
        }
        toml.append(name).append(" = {");
        String separator = " ";
        for (Map.Entry<String, Secret> member : new TreeMap<>(members).entrySet()) {
            toml.append(separator).append(JsonLines.quote(member.getKey())).append(" = ");
            toml.append(JsonLines.quote(member.getValue().reveal()));
            separator = ", ";
        }
        toml.append(" }\n");
    }

    @Override
    public AgentStream stream(AgentRun run) {
        return new CodexStream(run);
    }

    @Override
    public String sessionFile(String sessionId) {
        return CONFIGURATION + "/sessions/*/*/*/rollout-*-" + sessionId + ".jsonl";
    }
}
