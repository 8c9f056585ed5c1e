package dev.errand.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class GitNamesProperties {

    private static final Path FOLDER = Path.of("/folder");

    @Property
    void anAcceptedRepositoryIsTwoHarmlessPartsOfAPath(@ForAll("mostlyHostile") String name) {
        if (GitNames.isRepository(name)) {
            assertHarmlessArgument(name);
            assertThat(name).doesNotContain(":", "@", "\\");
            assertThat(FOLDER.resolve(name).normalize().startsWith(FOLDER)).isTrue();
            assertThat(FOLDER.resolve(name).normalize().getNameCount()).isEqualTo(3);
        }
    }

    @Property
    void anAcceptedBranchStaysBelowItsFolder(@ForAll("mostlyHostile") String name) {
        if (!name.isEmpty() && GitNames.isBranch(name)) {
            assertHarmlessArgument(name);
            assertThat(name).doesNotContain("..", "~", "^", ":", "?", "*", "[", "\\", "@{");
            assertThat(FOLDER.resolve(name).normalize())
                    .satisfies(path -> assertThat(path.startsWith(FOLDER)).isTrue())
                    .isNotEqualTo(FOLDER);
        }
    }

    @Property
    void everyRepositoryOfHarmlessPartsIsAccepted(
            @ForAll("parts") String organization, @ForAll("parts") String repository) {
        assertThat(GitNames.isRepository(organization + "/" + repository)).isTrue();
    }

    @Property
    void everyBranchOfHarmlessPartsIsAccepted(
            @ForAll("parts") String first, @ForAll("parts") String second) {
        assertThat(GitNames.isBranch(first)).isTrue();
        assertThat(GitNames.isBranch(first + "/" + second)).isTrue();
    }

    private static void assertHarmlessArgument(String name) {
        assertThat(name).doesNotStartWith("-");
        assertThat(name.codePoints())
                .noneMatch(Character::isISOControl)
                .noneMatch(Character::isWhitespace)
                .noneMatch(Character::isSpaceChar);
    }

    /** Texts that are made of the pieces which the rules are about, and of any other text. */
    @Provide
    Arbitrary<String> mostlyHostile() {
        Arbitrary<String> pieces =
                Arbitraries.of(
                        "a",
                        "B9",
                        "/",
                        "/",
                        "-",
                        "--upload-pack=",
                        ".",
                        "..",
                        ".lock",
                        "\n",
                        "\t",
                        " ",
                        "\u0085",
                        "\u00a0",
                        "\u2028",
                        "\0",
                        ":",
                        "@",
                        "@{",
                        "\\",
                        "~",
                        "^",
                        "?",
                        "*",
                        "[",
                        "git@host:",
                        "ß",
                        "日",
                        "\uD83D\uDE80");
        return Arbitraries.oneOf(
                pieces.list().ofMaxSize(5).map(list -> String.join("", list)),
                Arbitraries.strings().ofMaxLength(8));
    }

    /** Parts with a letter at both ends, so that no rule about the beginning or end applies. */
    @Provide
    Arbitrary<String> parts() {
        return Arbitraries.strings()
                .withChars("azAZ09_-+#$%&'\"()=!;,<>|äß日")
                .ofMaxLength(10)
                .map(middle -> "a" + middle + "z");
    }
}
