package dev.errand.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.access.SandboxTokens;
import dev.errand.access.Scope;
import dev.errand.server.DirectoryEntry.InvalidEntryException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.project.OrganizationRole;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.SandboxEnvironment;
import dev.errand.spi.project.User;
import dev.errand.spi.sandbox.NetworkAccess;
import dev.errand.task.Repositories;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Builds a directory from the JSON of a file. Unknown members, duplicate ids and unresolvable
 * references are reported with their paths. An instance parses one file.
 */
final class DirectoryParser {

    private final Map<ProjectId, Project> projects = new LinkedHashMap<>();
    private final Map<UserId, User> users = new LinkedHashMap<>();
    private final TokenRegistry tokens = new TokenRegistry();
    private final Map<Long, ProjectId> githubIntegrations = new LinkedHashMap<>();
    private final Map<UUID, FileGithubConnections.UserConnection> githubUserIntegrations =
            new LinkedHashMap<>();
    private final Map<UUID, ProjectId> reports = new LinkedHashMap<>();
    private final Map<FileProjectDirectory.EnvironmentKey, SandboxEnvironment> environments =
            new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private boolean hasGithub;

    /**
     * Parses the file.
     *
     * @throws InvalidOptionsException if the file is invalid; contains all problems
     */
    FileProjectDirectory read(JsonNode json) {
        try {
            readSections(json);
        } catch (InvalidEntryException section) {
            problems.add(section.getMessage());
        }
        if (!problems.isEmpty()) {
            throw new InvalidOptionsException(problems);
        }
        Optional<FileGithubConnections> github =
                hasGithub
                        ? Optional.of(
                                new FileGithubConnections(
                                        githubIntegrations, githubUserIntegrations))
                        : Optional.empty();
        return new FileProjectDirectory(projects, users, tokens, github, reports, environments);
    }

    private void readSections(JsonNode json) throws InvalidEntryException {
        DirectoryEntry root =
                DirectoryEntry.of(
                        "",
                        json,
                        "projects",
                        "users",
                        "tokens",
                        "github_integrations",
                        "github_user_integrations",
                        "signal_reports",
                        "sandbox_environments");
        hasGithub = root.has("github_integrations") || root.has("github_user_integrations");
        if (root.list("projects").isEmpty()) {
            throw new InvalidEntryException("projects", "must not be empty");
        }
        eachOf(root, "projects", this::project);
        eachOf(root, "users", this::user);
        if (!problems.isEmpty()) {
            return; // References to invalid projects and users would cause misleading errors.
        }
        eachOf(root, "tokens", this::token);
        eachOfOptional(root, "github_integrations", this::githubIntegration);
        eachOfOptional(root, "github_user_integrations", this::githubUserIntegration);
        eachOfOptional(root, "signal_reports", this::signalReport);
        eachOfOptional(root, "sandbox_environments", this::sandboxEnvironment);
    }

    private void project(String path, JsonNode json) throws InvalidEntryException {
        DirectoryEntry entry = DirectoryEntry.of(path, json, "id", "name");
        ProjectId id = ProjectId.of(entry.number("id"));
        Project project = new Project(id, entry.text("name"));
        requireNew(entry, projects.putIfAbsent(id, project), "project " + id);
    }

    private void user(String path, JsonNode json) throws InvalidEntryException {
        DirectoryEntry entry =
                DirectoryEntry.of(
                        path,
                        json,
                        "id",
                        "uuid",
                        "distinct_id",
                        "first_name",
                        "last_name",
                        "email",
                        "is_email_verified",
                        "hedgehog_config",
                        "role_at_organization");
        UserId id = UserId.of(entry.number("id"));
        User user =
                new User(
                        id,
                        entry.uuid("uuid"),
                        entry.optionalText("distinct_id"),
                        entry.optionalText("first_name").orElse(""),
                        entry.optionalText("last_name").orElse(""),
                        entry.optionalText("email").orElse(""),
                        entry.optionalBoolean("is_email_verified"),
                        entry.optionalObject("hedgehog_config"),
                        entry.optionalChoice(
                                "role_at_organization",
                                OrganizationRole::fromWire,
                                OrganizationRole.values()));
        requireNew(entry, users.putIfAbsent(id, user), "user " + id);
    }

    private void token(String path, JsonNode json) throws InvalidEntryException {
        DirectoryEntry entry = DirectoryEntry.of(path, json, "token", "user", "projects", "scopes");
        String token = entry.text("token");
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new InvalidEntryException(
                    entry.at("token"), "must be visible ASCII characters without white space");
        }
        if (token.startsWith(SandboxTokens.PREFIX)) {
            throw new InvalidEntryException(
                    entry.at("token"),
                    "must not begin with "
                            + SandboxTokens.PREFIX
                            + ", the prefix of sandbox tokens");
        }
        UserId user = knownUser(entry, "user");
        List<ProjectId> tokenProjects = new ArrayList<>();
        for (long number : entry.numbers("projects")) {
            tokenProjects.add(
                    knownProject(entry.at("projects") + "[" + tokenProjects.size() + "]", number));
        }
        if (tokenProjects.isEmpty()) {
            throw new InvalidEntryException(entry.at("projects"), "must not be empty");
        }
        Set<Scope> scopes = entry.choices("scopes", Scope::fromWire, Scope.values());
        if (!tokens.add(token, user, tokenProjects, scopes)) {
            throw new InvalidEntryException(entry.at("token"), "is a duplicate of another token");
        }
    }

    private void githubIntegration(String path, JsonNode json) throws InvalidEntryException {
        DirectoryEntry entry = DirectoryEntry.of(path, json, "id", "project");
        long id = entry.number("id");
        Object earlier = githubIntegrations.putIfAbsent(id, knownProject(entry));
        requireNew(entry, earlier, "GitHub integration " + id);
    }

    private void githubUserIntegration(String path, JsonNode json) throws InvalidEntryException {
        DirectoryEntry entry = DirectoryEntry.of(path, json, "id", "user", "repositories");
        UUID id = entry.uuid("id");
        Set<String> repositories = new LinkedHashSet<>();
        for (String repository : entry.texts("repositories")) {
            if (repository.isBlank() || Repositories.problem(repository).isPresent()) {
                throw new InvalidEntryException(
                        entry.at("repositories"), "must be in the format organization/repository");
            }
            repositories.add(Repositories.normalise(repository));
        }
        FileGithubConnections.UserConnection connection =
                new FileGithubConnections.UserConnection(knownUser(entry, "user"), repositories);
        requireNew(
                entry,
                githubUserIntegrations.putIfAbsent(id, connection),
                "GitHub user integration " + id);
    }

    private void signalReport(String path, JsonNode json) throws InvalidEntryException {
        DirectoryEntry entry = DirectoryEntry.of(path, json, "id", "project");
        UUID id = entry.uuid("id");
        requireNew(entry, reports.putIfAbsent(id, knownProject(entry)), "signal report " + id);
    }

    private void sandboxEnvironment(String path, JsonNode json) throws InvalidEntryException {
        DirectoryEntry entry =
                DirectoryEntry.of(
                        path, json, "id", "project", "private", "created_by", "network_access");
        UUID id = entry.uuid("id");
        SandboxEnvironment environment =
                new SandboxEnvironment(
                        id,
                        entry.optionalBoolean("private").orElse(false),
                        entry.has("created_by")
                                ? Optional.of(knownUser(entry, "created_by"))
                                : Optional.empty(),
                        entry.optionalChoice(
                                "network_access", NetworkAccess::fromWire, NetworkAccess.values()));
        FileProjectDirectory.EnvironmentKey name =
                new FileProjectDirectory.EnvironmentKey(knownProject(entry), id);
        requireNew(entry, environments.putIfAbsent(name, environment), "sandbox environment " + id);
    }

    private ProjectId knownProject(DirectoryEntry entry) throws InvalidEntryException {
        return knownProject(entry.at("project"), entry.number("project"));
    }

    private ProjectId knownProject(String path, long number) throws InvalidEntryException {
        ProjectId project = ProjectId.of(number);
        if (!projects.containsKey(project)) {
            throw new InvalidEntryException(path, "unknown project " + project);
        }
        return project;
    }

    private UserId knownUser(DirectoryEntry entry, String member) throws InvalidEntryException {
        UserId user = UserId.of(entry.number(member));
        if (!users.containsKey(user)) {
            throw new InvalidEntryException(entry.at(member), "unknown user " + user);
        }
        return user;
    }

    private static void requireNew(DirectoryEntry entry, Object earlier, String name)
            throws InvalidEntryException {
        if (earlier != null) {
            throw new InvalidEntryException(entry.at("id"), "duplicate " + name);
        }
    }

    /** Reads one entry of a section. */
    private interface EntryReader {
        void read(String path, JsonNode json) throws InvalidEntryException;
    }

    private void eachOfOptional(DirectoryEntry root, String section, EntryReader reader)
            throws InvalidEntryException {
        if (root.has(section)) {
            eachOf(root, section, reader);
        }
    }

    private void eachOf(DirectoryEntry root, String section, EntryReader reader)
            throws InvalidEntryException {
        JsonNode list = root.list(section);
        for (int i = 0; i < list.size(); i++) {
            try {
                reader.read(section + "[" + i + "]", list.get(i));
            } catch (InvalidEntryException problem) {
                problems.add(problem.getMessage());
            }
        }
    }
}
