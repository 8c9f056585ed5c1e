package dev.errand.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.access.RunTokens;
import dev.errand.access.Scope;
import dev.errand.server.DirectoryObject.Invalid;
import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.dispatch.NetworkAccess;
import dev.errand.spi.project.OrganizationRole;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.SandboxEnvironment;
import dev.errand.spi.project.User;
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
 * Makes a directory of a file's JSON: an unknown member, an id that is there twice and one that
 * leads nowhere are problems, told with their path. One file, one reader.
 */
final class DirectoryReader {

    private final Map<ProjectId, Project> projects = new LinkedHashMap<>();
    private final Map<UserId, User> users = new LinkedHashMap<>();
    private final Tokens tokens = new Tokens();
    private final Map<Long, ProjectId> githubOfProjects = new LinkedHashMap<>();
    private final Map<UUID, GithubDirectory.OfUser> githubOfUsers = new LinkedHashMap<>();
    private final Map<UUID, ProjectId> reports = new LinkedHashMap<>();
    private final Map<FileDirectory.Environment, SandboxEnvironment> environments =
            new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private boolean hasGithub;

    /**
     * Reads all of it.
     *
     * @throws InvalidOptions if it is not as it should be, with all problems
     */
    FileDirectory read(JsonNode json) {
        try {
            readSections(json);
        } catch (Invalid section) {
            problems.add(section.getMessage());
        }
        if (!problems.isEmpty()) {
            throw new InvalidOptions(problems);
        }
        Optional<GithubDirectory> github =
                hasGithub
                        ? Optional.of(new GithubDirectory(githubOfProjects, githubOfUsers))
                        : Optional.empty();
        return new FileDirectory(projects, users, tokens, github, reports, environments);
    }

    private void readSections(JsonNode json) throws Invalid {
        DirectoryObject file =
                DirectoryObject.of(
                        "",
                        json,
                        "projects",
                        "users",
                        "tokens",
                        "github_integrations",
                        "github_user_integrations",
                        "signal_reports",
                        "sandbox_environments");
        hasGithub = file.has("github_integrations") || file.has("github_user_integrations");
        if (file.list("projects").isEmpty()) {
            throw new Invalid("projects", "must hold one or more");
        }
        eachOf(file, "projects", this::project);
        eachOf(file, "users", this::user);
        if (!problems.isEmpty()) {
            return; // What names these could only be told that they are missing.
        }
        eachOf(file, "tokens", this::token);
        eachOfOptional(file, "github_integrations", this::githubIntegration);
        eachOfOptional(file, "github_user_integrations", this::githubUserIntegration);
        eachOfOptional(file, "signal_reports", this::signalReport);
        eachOfOptional(file, "sandbox_environments", this::sandboxEnvironment);
    }

    private void project(String path, JsonNode json) throws Invalid {
        DirectoryObject entry = DirectoryObject.of(path, json, "id", "name");
        ProjectId id = ProjectId.of(entry.number("id"));
        Project project = new Project(id, entry.text("name"));
        requireNew(entry, projects.putIfAbsent(id, project), "project " + id);
    }

    private void user(String path, JsonNode json) throws Invalid {
        DirectoryObject entry =
                DirectoryObject.of(
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

    private void token(String path, JsonNode json) throws Invalid {
        DirectoryObject entry =
                DirectoryObject.of(path, json, "token", "user", "projects", "scopes");
        String token = entry.text("token");
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new Invalid(
                    entry.at("token"), "must be visible ASCII characters without white space");
        }
        if (token.startsWith(RunTokens.PREFIX)) {
            throw new Invalid(
                    entry.at("token"), "must not begin with " + RunTokens.PREFIX + ": runs' do");
        }
        UserId user = knownUser(entry, "user");
        List<ProjectId> its = new ArrayList<>();
        for (long number : entry.numbers("projects")) {
            its.add(knownProject(entry.at("projects") + "[" + its.size() + "]", number));
        }
        if (its.isEmpty()) {
            throw new Invalid(entry.at("projects"), "must hold one or more");
        }
        Set<Scope> scopes = entry.choices("scopes", Scope::fromWire, Scope.values());
        if (!tokens.add(token, user, its, scopes)) {
            throw new Invalid(entry.at("token"), "is there twice");
        }
    }

    private void githubIntegration(String path, JsonNode json) throws Invalid {
        DirectoryObject entry = DirectoryObject.of(path, json, "id", "project");
        long id = entry.number("id");
        Object earlier = githubOfProjects.putIfAbsent(id, knownProject(entry));
        requireNew(entry, earlier, "GitHub integration " + id);
    }

    private void githubUserIntegration(String path, JsonNode json) throws Invalid {
        DirectoryObject entry = DirectoryObject.of(path, json, "id", "user", "repositories");
        UUID id = entry.uuid("id");
        Set<String> repositories = new LinkedHashSet<>();
        for (String repository : entry.texts("repositories")) {
            if (repository.isBlank() || Repositories.problem(repository).isPresent()) {
                throw new Invalid(
                        entry.at("repositories"), "must be in the format organization/repository");
            }
            repositories.add(Repositories.normalise(repository));
        }
        GithubDirectory.OfUser its =
                new GithubDirectory.OfUser(knownUser(entry, "user"), repositories);
        requireNew(entry, githubOfUsers.putIfAbsent(id, its), "GitHub user integration " + id);
    }

    private void signalReport(String path, JsonNode json) throws Invalid {
        DirectoryObject entry = DirectoryObject.of(path, json, "id", "project");
        UUID id = entry.uuid("id");
        requireNew(entry, reports.putIfAbsent(id, knownProject(entry)), "signal report " + id);
    }

    private void sandboxEnvironment(String path, JsonNode json) throws Invalid {
        DirectoryObject entry =
                DirectoryObject.of(
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
        FileDirectory.Environment name = new FileDirectory.Environment(knownProject(entry), id);
        requireNew(entry, environments.putIfAbsent(name, environment), "sandbox environment " + id);
    }

    private ProjectId knownProject(DirectoryObject entry) throws Invalid {
        return knownProject(entry.at("project"), entry.number("project"));
    }

    private ProjectId knownProject(String path, long number) throws Invalid {
        ProjectId project = ProjectId.of(number);
        if (!projects.containsKey(project)) {
            throw new Invalid(path, "no project " + project);
        }
        return project;
    }

    private UserId knownUser(DirectoryObject entry, String member) throws Invalid {
        UserId user = UserId.of(entry.number(member));
        if (!users.containsKey(user)) {
            throw new Invalid(entry.at(member), "no user " + user);
        }
        return user;
    }

    private static void requireNew(DirectoryObject entry, Object earlier, String name)
            throws Invalid {
        if (earlier != null) {
            throw new Invalid(entry.at("id"), "there is a " + name + " already");
        }
    }

    /** Reads an entry of a section, or says what is wrong with it. */
    private interface Entry {
        void read(String path, JsonNode json) throws Invalid;
    }

    private void eachOfOptional(DirectoryObject file, String section, Entry entry) throws Invalid {
        if (file.has(section)) {
            eachOf(file, section, entry);
        }
    }

    private void eachOf(DirectoryObject file, String section, Entry entry) throws Invalid {
        JsonNode list = file.list(section);
        for (int i = 0; i < list.size(); i++) {
            try {
                entry.read(section + "[" + i + "]", list.get(i));
            } catch (Invalid problem) {
                problems.add(problem.getMessage());
            }
        }
    }
}
