package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.errand.access.Caller;
import dev.errand.access.Scope;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.UserId;
import dev.errand.spi.project.GithubConnections;
import dev.errand.spi.project.Ownership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectoryFileTest {

    private static final ProjectId ACME = ProjectId.of(1);
    private static final ProjectId OTHER = ProjectId.of(2);
    private static final UserId ROSA = UserId.of(31);
    private static final UserId OLE = UserId.of(32);
    private static final UUID CONNECTION = UUID.fromString("2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10");
    private static final UUID REPORT = UUID.fromString("2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b11");
    private static final UUID SANDBOX = UUID.fromString("2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b12");

    private static final String FULL =
            """
            {"projects": [{"id": 1, "name": "Acme Mobile App"}, {"id": 2, "name": "Other"}],
             "users": [
               {"id": 31, "uuid": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b01", "distinct_id": "u-31",
                "first_name": "Rosa", "last_name": "Lind", "email": "rosa@example.com",
                "is_email_verified": true, "hedgehog_config": {"color": "red"},
                "role_at_organization": "engineering"},
               {"id": 32, "uuid": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b02"}],
             "tokens": [
               {"token": "k-rosa", "user": 31, "projects": [2, 1], "scopes": ["task:write"]},
               {"token": "k-ole", "user": 32, "projects": [1], "scopes": ["*"]}],
             "github_integrations": [{"id": 12, "project": 1}, {"id": 11, "project": 1}],
             "github_user_integrations": [
               {"id": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10", "user": 31,
                "repositories": ["Acme/Mobile"]}],
             "signal_reports": [{"id": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b11", "project": 1}],
             "sandbox_environments": [
               {"id": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b12", "project": 1, "private": true,
                "created_by": 31, "network_access": "trusted"}]}
            """;

    /** A valid file with a placeholder for the tested section. */
    private static final String FRAME =
            """
            {"projects": [{"id": 1, "name": "Acme"}],
             "users": [{"id": 31, "uuid": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b01"}],
             "tokens": [{"token": "hunter2", "user": 31, "projects": [1], "scopes": ["*"]}],
             %s}
            """;

    @Test
    void readsProjectsAndUsers() {
        FileProjectDirectory directory = DirectoryFile.parse(FULL);

        assertThat(directory.projects()).containsExactly(ACME, OTHER);
        assertThat(directory.findProject(ACME).orElseThrow().name()).isEqualTo("Acme Mobile App");
        assertThat(directory.findProject(ProjectId.of(3))).isEmpty();
        assertThat(directory.findUser(ACME, ROSA).orElseThrow().email())
                .isEqualTo("rosa@example.com");
        assertThat(directory.findUser(ACME, OLE).orElseThrow().email()).isEmpty();
        assertThat(directory.findUser(ACME, UserId.of(33))).isEmpty();
    }

    @Test
    void tokenHasItsUserProjectsAndScopes() {
        FileProjectDirectory directory = DirectoryFile.parse(FULL);

        Caller rosa = directory.authenticate("k-rosa").orElseThrow();
        assertThat(rosa.user()).contains(ROSA);
        assertThat(rosa.projects()).isEqualTo(ProjectScope.only(Set.of(ACME, OTHER)));
        assertThat(rosa.scopes()).containsExactly(Scope.TASK_WRITE);
        assertThat(directory.activeProject(rosa)).contains(OTHER);
        assertThat(directory.authenticate("k-rosa ")).isEmpty();
        assertThat(directory.authenticate("")).isEmpty();
    }

    @Test
    void connectionsReportsAndEnvironmentsBelongToTheirOwners() {
        FileProjectDirectory directory = DirectoryFile.parse(FULL);

        assertThat(directory.defaultGithubConnection(ACME)).contains(12L);
        assertThat(directory.defaultGithubConnection(OTHER)).isEmpty();
        assertThat(directory.ownershipOfGithubConnection(ACME, 11)).isEqualTo(Ownership.OWN);
        assertThat(directory.ownershipOfGithubConnection(OTHER, 11)).isEqualTo(Ownership.FOREIGN);
        assertThat(directory.ownershipOfGithubConnection(ACME, 13)).isEqualTo(Ownership.NOT_FOUND);
        assertThat(directory.ownershipOfGithubUserConnection(ACME, ROSA, CONNECTION))
                .isEqualTo(Ownership.OWN);
        assertThat(directory.ownershipOfGithubUserConnection(ACME, OLE, CONNECTION))
                .isEqualTo(Ownership.FOREIGN);
        assertThat(directory.ownershipOfSignalReport(OTHER, REPORT)).isEqualTo(Ownership.FOREIGN);
        assertThat(directory.findSandboxEnvironment(OTHER, SANDBOX)).isEmpty();
        assertThat(directory.findSandboxEnvironment(ACME, SANDBOX).orElseThrow().isPrivate())
                .isTrue();
    }

    @Test
    void connectionIsUsableOnlyByItsUserForItsRepositories() {
        GithubConnections github = DirectoryFile.parse(FULL).githubConnections().orElseThrow();
        Optional<UUID> any = Optional.empty();

        assertThat(github.usableConnection(ACME, ROSA, any, "acme/mobile")).contains(CONNECTION);
        assertThat(github.usableConnection(ACME, OLE, any, "acme/mobile")).isEmpty();
        assertThat(github.usableConnection(ACME, ROSA, any, "acme/other")).isEmpty();
        assertThat(github.usableConnection(ACME, ROSA, Optional.of(REPORT), "acme/mobile"))
                .isEmpty();
        assertThat(github.offersUserConnections(ACME)).isTrue();
        assertThat(github.hasProjectConnection(OTHER)).isFalse();
    }

    @Test
    void githubPortRequiresAGithubSection() {
        String file = FRAME.formatted("\"signal_reports\": []");

        assertThat(DirectoryFile.parse(file).githubConnections()).isEmpty();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
        [] | the file: must be an object
        {} | projects: is missing
        {"projects": []} | projects: must not be empty
        {"projects": {}} | projects: must be an array
        {"projects": [1], "users": []} | projects[0]: must be an object
        {"projects": [{"id": 1}], "users": []} | projects[0].name: is missing
        {"projects": [{"id": "1", "name": "A"}], "users": []} | projects[0].id: must be an integer of 0 or more
        {"projects": [{"id": -1, "name": "A"}], "users": []} | projects[0].id: must be an integer of 0 or more
        {"projects": [{"id": 1.5, "name": "A"}], "users": []} | projects[0].id: must be an integer of 0 or more
        {"projects": [{"id": 1, "name": 7}], "users": []} | projects[0].name: must be a string
        {"projects": [{"id": 1, "name": "A"}, {"id": 1, "name": "B"}], "users": []} | projects[1].id: duplicate project 1
        {"projects": [{"id": 1, "nmae": "A"}], "users": []} | projects[0].nmae: unknown member; allowed are id, name
        {"project": []} | project: unknown member; allowed are projects, users, tokens, github_integrations, github_user_integrations, signal_reports, sandbox_environments
        {"projects": [{"id": 1, "name": "A"}]} | users: is missing
        {"projects": [{"id": 1, "name": "A"}], "users": [{"id": 31, "uuid": "x"}]} | users[0].uuid: must be a UUID with hyphens
        {"projects": [{"id": 1, "name": "A"}], "users": []} | tokens: is missing
        {"projects": [{"id": 1, "name": "A"}], "users": [{"id": 31, "uuid": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b01", "role_at_organization": "boss"}]} | users[0].role_at_organization: must be one of engineering, data, product, founder, leadership, marketing, sales, other
        {"projects": [{"id": 1, "name": "A"}], "users": [{"id": 31, "uuid": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b01", "is_email_verified": "yes"}]} | users[0].is_email_verified: must be true or false
        {"projects": [ | not valid JSON, or a duplicate member: line 1, column 15
        {"projects": [], "projects": []} | not valid JSON, or a duplicate member: line 1, column 28
        {} {} | not valid JSON, or a duplicate member: line 1, column 4
        """)
    void invalidFileIsRejectedWithThePath(String file, String problem) {
        assertThat(invalid(file).problems()).containsExactly(problem);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
        {"token": "k", "user": 99, "projects": [1], "scopes": []} | tokens[0].user: unknown user 99
        {"token": "k", "user": 31, "projects": [1, 9], "scopes": []} | tokens[0].projects[1]: unknown project 9
        {"token": "k", "user": 31, "projects": [], "scopes": []} | tokens[0].projects: must not be empty
        {"token": "k", "user": 31, "projects": [1], "scopes": ["task:all"]} | tokens[0].scopes: must be one of task:read, task:write, *
        {"token": "k", "user": 31, "projects": [1]} | tokens[0].scopes: is missing
        {"token": "", "user": 31, "projects": [1], "scopes": []} | tokens[0].token: must be visible ASCII characters without white space
        {"token": "a b", "user": 31, "projects": [1], "scopes": []} | tokens[0].token: must be visible ASCII characters without white space
        {"token": "errand_run_x", "user": 31, "projects": [1], "scopes": []} | tokens[0].token: must not begin with errand_run_, the prefix of sandbox tokens
        """)
    void invalidTokenIsRejectedWithThePath(String token, String problem) {
        String file =
                """
                {"projects": [{"id": 1, "name": "Acme"}],
                 "users": [{"id": 31, "uuid": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b01"}],
                 "tokens": [%s]}
                """;

        assertThat(invalid(file.formatted(token)).problems()).containsExactly(problem);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
        "github_integrations": [{"id": 1, "project": 9}] | github_integrations[0].project: unknown project 9
        "github_integrations": [{"id": 1, "project": 1}, {"id": 1, "project": 1}] | github_integrations[1].id: duplicate GitHub integration 1
        "github_user_integrations": [{"id": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10", "user": 9, "repositories": []}] | github_user_integrations[0].user: unknown user 9
        "github_user_integrations": [{"id": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10", "user": 31, "repositories": ["acme"]}] | github_user_integrations[0].repositories: must be in the format organization/repository
        "signal_reports": [{"id": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10", "project": 9}] | signal_reports[0].project: unknown project 9
        "sandbox_environments": [{"id": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10", "project": 1, "created_by": 9}] | sandbox_environments[0].created_by: unknown user 9
        "sandbox_environments": [{"id": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10", "project": 1, "network_access": "some"}] | sandbox_environments[0].network_access: must be one of trusted, full, custom
        """)
    void invalidOptionalSectionIsRejectedWithThePath(String section, String problem) {
        assertThat(invalid(FRAME.formatted(section)).problems()).containsExactly(problem);
    }

    @Test
    void allProblemsAreReportedTogether() {
        String sections =
                """
                "github_integrations": [{"id": 1, "project": 8}, {"id": 2, "project": 9}]
                """;

        assertThat(invalid(FRAME.formatted(sections)).problems())
                .containsExactly(
                        "github_integrations[0].project: unknown project 8",
                        "github_integrations[1].project: unknown project 9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
        {"token": "hunter2", "user": 31, "projects": [1], "scopes": ["*"]}
        {"token": "hunter2", "user": 99, "projects": [1], "scopes": ["*"]}
        {"token": ["hunter2"], "user": 31, "projects": [1], "scopes": ["*"]}
        {"token": hunter2, "user": 31, "projects": [1], "scopes": ["*"]}
        {"token": "hunter2, "user": 31, "projects": [1], "scopes": ["*"]}
        {"token": "hunter2 ", "user": 31, "projects": [1], "scopes": ["*"]}
        """)
    void noMessageContainsAToken(String second) {
        String file =
                FRAME.replace("\"scopes\": [\"*\"]}]", "\"scopes\": [\"*\"]}, " + second + "]");

        InvalidOptionsException failure = invalid(file.formatted("\"signal_reports\": []"));

        assertThat(failure).hasMessageNotContaining("hunter2").hasNoCause();
        assertThat(failure.problems()).hasSize(1);
    }

    @Test
    void readmeExampleIsValid() throws IOException {
        String readMe = Files.readString(Path.of("README.md"));
        int start = readMe.indexOf("```json\n") + "```json\n".length();
        String example = readMe.substring(start, readMe.indexOf("```", start));

        FileProjectDirectory directory = DirectoryFile.parse(example);

        assertThat(directory.authenticate("change-me")).isPresent();
        assertThat(directory.ownershipOfSignalReport(ACME, REPORT)).isEqualTo(Ownership.NOT_FOUND);
    }

    @Test
    void problemsNameTheFile(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("missing.json");
        Path wrong = ConfidentialFiles.write(folder.resolve("wrong.json"), "{}");

        assertThat(refusalOf(missing)).hasMessage(missing + ": file not found");
        assertThat(refusalOf(wrong)).hasMessage(wrong + ": projects: is missing");
        assertThat(refusalOf(folder)).hasMessageStartingWith(folder + ": cannot be read");
    }

    @Test
    void fileThatOthersCanReadIsRefused(@TempDir Path folder) throws IOException {
        Path file = ConfidentialFiles.write(folder.resolve("directory.json"), "{}");
        for (String permissions : List.of("rw-r--r--", "rw-r-----", "rw--w----", "rw-----w-")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

            assertThat(refusalOf(file))
                    .as(permissions)
                    .hasMessage(file + ": must be accessible only by its owner; run chmod 600");
            assertThatThrownBy(
                            () ->
                                    new DatabaseOptions(Optional.empty(), Optional.of(file), false)
                                            .readPassword())
                    .isInstanceOf(InvalidOptionsException.class)
                    .hasMessageContaining("--db-password-file")
                    .hasMessageContaining("chmod 600");
        }
    }

    private static InvalidOptionsException invalid(String text) {
        return catchThrowableOfType(InvalidOptionsException.class, () -> DirectoryFile.parse(text));
    }

    private static InvalidOptionsException refusalOf(Path file) {
        return catchThrowableOfType(InvalidOptionsException.class, () -> DirectoryFile.read(file));
    }
}
