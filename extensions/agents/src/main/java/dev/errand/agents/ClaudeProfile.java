package dev.errand.agents;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.agents.AgentLaunch.PrivateFile;
import dev.errand.spi.Secret;
import dev.errand.spi.run.PermissionMode;
import java.nio.charset.StandardCharsets;
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
import java.util.stream.Stream;

/**
 * Claude Code, run as {@code claude --print} (docs/launcher-guide.md#claude-code).
 *
 * <p>A key in {@code ANTHROPIC_API_KEY} is given to it in a file. Its conversations and settings
 * are in a directory of the sandbox. MCP servers that the repository names are ignored.
 */
public final class ClaudeProfile implements AgentProfile {

    /** Secret variables that the program only reads from its environment. */
    private static final Set<String> TOKENS =
            Set.of("ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN");

    private static final String KEY = "ANTHROPIC_API_KEY";

    private static final Set<String> PASSED_ON =
            Set.of(
                    "ANTHROPIC_BASE_URL",
                    "ANTHROPIC_CUSTOM_HEADERS",
                    "CLAUDE_CODE_MAX_RETRIES",
                    "API_TIMEOUT_MS",
                    "NODE_EXTRA_CA_CERTS",
                    "HTTP_PROXY",
                    "HTTPS_PROXY",
                    "NO_PROXY",
                    "http_proxy",
                    "https_proxy",
                    "no_proxy");

    private static final Set<String> EFFORTS = Set.of("low", "medium", "high", "xhigh", "max");

    /** Modes of Codex become the nearest one. */
    static final Map<PermissionMode, String> PERMISSION_MODES =
            Map.of(
                    PermissionMode.DEFAULT, "manual",
                    PermissionMode.ACCEPT_EDITS, "acceptEdits",
                    PermissionMode.PLAN, "plan",
                    PermissionMode.BYPASS_PERMISSIONS, "bypassPermissions",
                    PermissionMode.AUTO, "auto",
                    PermissionMode.READ_ONLY, "plan",
                    PermissionMode.FULL_ACCESS, "bypassPermissions");

    /** The operating system limits an argument to 128 KiB. */
    private static final int MAX_ARGUMENT_BYTES = 120_000;

    private static final Pattern VERSION =
            Pattern.compile("(\\d+\\.\\d+\\.\\d+)\\S* \\(Claude Code\\)");
    private static final String CONFIGURATION = "claude";
    private static final String LOGIN_FILE = ".credentials.json";

    private final ProfileOptions options;

    /** Creates a profile with the given options. */
    public ClaudeProfile(ProfileOptions options) {
        this.options = Objects.requireNonNull(options, "options");
    }

    @Override
    public String name() {
        return "claude";
    }

    @Override
    public String program() {
        return options.program().orElse("claude");
    }

    @Override
    public Optional<String> missingCredential(Map<String, String> host) {
        if (options.loginDirectory().isPresent()) {
            Path login = options.loginDirectory().get().resolve(LOGIN_FILE);
            return Files.isReadable(login)
                    ? Optional.empty()
                    : Optional.of(
                            "Agent claude has no login: "
                                    + login
                                    + " does not exist or cannot be read. Log in once with"
                                    + " CLAUDE_CONFIG_DIR="
                                    + options.loginDirectory().get()
                                    + " claude, or name no login directory and set "
                                    + KEY
                                    + ".");
        }
        boolean present =
                Stream.concat(Stream.of(KEY), TOKENS.stream())
                        .anyMatch(name -> Environments.find(host, name).isPresent());
        return present
                ? Optional.empty()
                : Optional.of(
                        "Agent claude has no credential. Set ANTHROPIC_API_KEY to a key of the"
                                + " Claude API, or CLAUDE_CODE_OAUTH_TOKEN to the token that"
                                + " \"claude setup-token\" prints, or name a directory in which"
                                + " someone has logged in with --agent-home.");
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
        words.addAll(List.of(program(), "--print", "--output-format", "stream-json", "--verbose"));
        run.model().ifPresent(model -> words.add("--model=" + model));
        run.effort().ifPresent(effort -> addEffort(effort, words, notes));
        PermissionMode mode =
                run.permissionMode()
                        .or(options::permissionMode)
                        .orElse(PermissionMode.ACCEPT_EDITS);
        words.addAll(List.of("--permission-mode", PERMISSION_MODES.get(mode)));
        run.outputSchema().ifPresent(schema -> addSchema(schema.text(), words, notes));
        options.maxBudgetUsd()
                .ifPresent(
                        budget ->
                                words.addAll(List.of("--max-budget-usd", budget.toPlainString())));
        addSession(run, home, words, files);
        words.add("--strict-mcp-config");
        if (!options.mcpServers().isEmpty()) {
            files.add(PrivateFile.of("mcp.json", JsonLines.write(mcpConfiguration())));
            words.addAll(List.of("--mcp-config", home.resolve("mcp.json").toString()));
        }
        return new AgentLaunch(words, environment(host, home, words, files), files, notes);
    }

    private static void addEffort(String effort, List<String> words, List<String> notes) {
        if (EFFORTS.contains(effort)) {
            words.addAll(List.of("--effort", effort));
        } else {
            notes.add("Claude Code has no reasoning effort " + effort + "; it uses its default.");
        }
    }

    private static void addSchema(String schema, List<String> words, List<String> notes) {
        if (schema.getBytes(StandardCharsets.UTF_8).length <= MAX_ARGUMENT_BYTES) {
            words.addAll(List.of("--json-schema", schema));
        } else {
            notes.add(
                    "The output schema is too long for an argument; Claude Code does not get it.");
        }
    }

    /** The program continues to write the file from which it resumes. */
    private static void addSession(
            AgentRun run, Path home, List<String> words, List<PrivateFile> files) {
        if (run.resumed().isEmpty()) {
            words.addAll(List.of("--session-id", run.sessionId()));
            return;
        }
        AgentRun.Session session = run.resumed().get();
        Path file = Path.of(CONFIGURATION, "projects", "resumed", session.id() + ".jsonl");
        files.add(new PrivateFile(file, session.file(), false));
        words.addAll(List.of("--resume", home.resolve(file).toString()));
    }

    private Map<String, Secret> environment(
            Map<String, String> host, Path home, List<String> words, List<PrivateFile> files) {
        Map<String, Secret> environment = new TreeMap<>();
        environment.put("CLAUDE_CONFIG_DIR", Secret.of(home.resolve(CONFIGURATION).toString()));
        environment.put("DISABLE_AUTOUPDATER", Secret.of("1"));
        environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", Secret.of("1"));
        // Without it, the program refuses to bypass permissions as root.
        environment.put("IS_SANDBOX", Secret.of("1"));
        environment.putAll(Environments.of(host, PASSED_ON));
        if (options.loginDirectory().isPresent()) {
            Path login = options.loginDirectory().get().resolve(LOGIN_FILE);
            files.add(
                    new PrivateFile(
                            Path.of(CONFIGURATION, LOGIN_FILE),
                            () -> Files.newInputStream(login),
                            true));
            return environment;
        }
        environment.putAll(Environments.of(host, TOKENS));
        Environments.find(host, KEY).ifPresent(key -> addKey(key, home, words, files));
        return environment;
    }

    /** The program runs a helper to get its key, so that the key is in no environment. */
    private static void addKey(String key, Path home, List<String> words, List<PrivateFile> files) {
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        settings.put("apiKeyHelper", "cat " + shellQuoted(home.resolve("api-key").toString()));
        files.add(PrivateFile.of("api-key", key));
        files.add(PrivateFile.of("settings.json", JsonLines.write(settings)));
        words.addAll(List.of("--settings", home.resolve("settings.json").toString()));
    }

    private ObjectNode mcpConfiguration() {
        ObjectNode configuration = JsonNodeFactory.instance.objectNode();
        ObjectNode servers = configuration.putObject("mcpServers");
        for (McpServer server : options.mcpServers()) {
            ObjectNode members = servers.putObject(server.name());
            if (server instanceof McpServer.Remote remote) {
                members.put("type", remote.type());
                members.put("url", remote.url().toString());
                Environments.reveal(remote.headers(), members.putObject("headers"));
            } else if (server instanceof McpServer.Local local) {
                members.put("type", "stdio");
                members.put("command", local.command().get(0));
                local.command().stream().skip(1).forEach(members.withArray("args")::add);
                Environments.reveal(local.environment(), members.putObject("env"));
            }
        }
        return configuration;
    }

    private static String shellQuoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    @Override
    public AgentStream stream(AgentRun run) {
        return new ClaudeStream();
    }

    @Override
    public String sessionFile(String sessionId) {
        return CONFIGURATION + "/projects/*/" + sessionId + ".jsonl";
    }
}
