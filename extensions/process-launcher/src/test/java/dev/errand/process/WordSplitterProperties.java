package dev.errand.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Quoting a word and splitting the line returns the word. */
class WordSplitterProperties {

    @Property
    void singleQuotedWordsAreUnchanged(@ForAll List<String> words) {
        String line =
                words.stream()
                        .map(word -> "'" + word.replace("'", "'\\''") + "'")
                        .collect(Collectors.joining(" "));

        assertThat(WordSplitter.split(line)).isEqualTo(words);
    }

    @Property
    void doubleQuotedWordsAreUnchanged(@ForAll List<String> words) {
        String line =
                words.stream()
                        .map(word -> "\"" + word.replaceAll("([$`\"\\\\])", "\\\\$1") + "\"")
                        .collect(Collectors.joining("\t"));

        assertThat(WordSplitter.split(line)).isEqualTo(words);
    }

    @Property
    void anyLineIsSplitOrRejected(@ForAll String line) {
        try {
            assertThat(WordSplitter.split(line)).doesNotContainNull();
        } catch (IllegalArgumentException rejected) {
            assertThat(rejected.getMessage()).containsAnyOf("never closed", "backslash");
        }
    }
}
