package dev.errand.workspaces.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.workspace.WorkspaceException;
import java.net.URI;
import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Names from outside never become more than a name. */
class NamesProperties {

    private static final String HOSTILE = "abcA/.-~:@\\%?#&;$`'\"*{}[]()|<>\n\r\t\0 üλ\u202e";

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withChars(HOSTILE).ofMinLength(1).ofMaxLength(30),
                Arbitraries.strings().ofMaxLength(30),
                Arbitraries.of("..", "../..", "-", "--", ".git", "a/.git/b", "{repository}"));
    }

    @Property
    void urlKeepsItsServerAndGetsOnlyAPath(@ForAll("names") String name) {
        resolve("https://git.example.com/base/{repository}.git", name)
                .ifPresent(
                        url -> {
                            URI uri = URI.create(url);
                            assertThat(uri.getHost()).isEqualTo("git.example.com");
                            assertThat(uri.getRawUserInfo()).isNull();
                            assertThat(uri.getRawQuery()).isNull();
                            assertThat(uri.getRawFragment()).isNull();
                            assertThat(uri.normalize().getRawPath())
                                    .isEqualTo(uri.getRawPath())
                                    .startsWith("/base/");
                            assertThat(url).matches("[A-Za-z0-9._~/:%-]+");
                        });
    }

    @Property
    void pathStaysBelowItsDirectory(@ForAll("names") String name) {
        resolve("/srv/repositories/{repository}", name)
                .ifPresent(
                        path -> {
                            assertThat(Path.of(path).normalize()).hasToString(path);
                            assertThat(path)
                                    .startsWith("/srv/repositories/")
                                    .matches("[A-Za-z0-9._~/-]+");
                        });
    }

    @Property
    void sshAddressContainsNothingForAShell(@ForAll("names") String name) {
        resolve("git@git.example.com:{repository}", name)
                .ifPresent(
                        address ->
                                assertThat(address)
                                        .matches(
                                                "git@git\\.example\\.com:[A-Za-z0-9._~][A-Za-z0-9._~/-]*"));
    }

    private static java.util.Optional<String> resolve(String template, String name) {
        try {
            return java.util.Optional.of(
                    RepositoryLocations.ofTemplate(template).resolve(name).url());
        } catch (WorkspaceException unknown) {
            assertThat(unknown.reason()).isEqualTo(WorkspaceException.Reason.REPOSITORY_UNKNOWN);
            return java.util.Optional.empty();
        }
    }

    @Property
    void workBranchIsAlwaysAValidName(@ForAll String title) {
        String branch = BranchNames.workBranch(Requests.of("a/b").withTitle(title).build());

        assertThat(BranchNames.isValid(branch)).as(branch).isTrue();
        assertThat(branch).matches("errand/[a-z0-9-]+");
    }

    @Property(tries = 40)
    void acceptedBranchesAreAcceptedByGit(@ForAll("names") String name) {
        if (BranchNames.isValid(name)) {
            assertThat(
                            Shell.run(
                                    Path.of("/"),
                                    "git check-ref-format --branch '"
                                            + name.replace("'", "'\\''")
                                            + "'"))
                    .isEqualTo(name);
        }
    }

    @Property
    void configurationValuesAreQuoted(@ForAll String value) {
        assertThat(ConfigText.quoted(value)).startsWith("\"").endsWith("\"").doesNotContain("\n");
    }
}
