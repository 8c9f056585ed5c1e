package dev.errand.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.artifact.UploadItem;
import dev.errand.spi.artifact.ArtifactType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AttachmentLimitsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    spec.pdf     | ''                            | 10485760 | the 10MB attachment limit for PDFs in cloud runs
                    SPEC.PDF     | text/plain                    | 10485760 | the 10MB attachment limit for PDFs in cloud runs
                    .pdf         | application/pdf               | 10485760 | the 10MB attachment limit for PDFs in cloud runs
                    spec         | application/pdf               | 10485760 | the 10MB attachment limit
                    spec.pdf.txt | application/pdf; charset=x    | 10485760 | the 10MB attachment limit
                    spec         | ' Application/PDF ;a=b;c=d'   | 10485760 | the 10MB attachment limit
                    pdf          | ''                            | 31457280 | the 30MB attachment limit
                    spec.pdf.txt | text/plain                    | 31457280 | the 30MB attachment limit
                    spec         | application/pdfx              | 31457280 | the 30MB attachment limit
                    spec         | text/plain; application/pdf   | 31457280 | the 30MB attachment limit
                    spec         | ;                             | 31457280 | the 30MB attachment limit
                    """)
    void limitsOfAUserAttachment(String name, String contentType, long limit, String text) {
        ArtifactType type = ArtifactType.USER_ATTACHMENT;
        assertThat(AttachmentLimits.maxSizeInBytes(type, name, contentType)).isEqualTo(limit);
        assertThat(AttachmentLimits.problem(type, name, contentType, limit)).isEmpty();
        assertThat(AttachmentLimits.problem(type, name, contentType, limit + 1))
                .hasValue(name + " exceeds " + text);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "USER_ATTACHMENT")
    void aPdfOfAnyOtherTypeHasTheHigherLimit(ArtifactType type) {
        assertThat(AttachmentLimits.problem(type, "a.pdf", "application/pdf", 31_457_280))
                .isEmpty();
        assertThat(AttachmentLimits.problem(type, "a.pdf", "application/pdf", 31_457_281))
                .hasValue("a.pdf exceeds the 30MB attachment limit");
    }

    @Test
    void theLimitsAreThoseOfTheContract() {
        assertThat(UploadItem.MAX_SIZE_IN_BYTES).isEqualTo(30L * 1024 * 1024);
        assertThat(AttachmentLimits.MAX_PDF_BYTES).isEqualTo(10L * 1024 * 1024);
        assertThat(AttachmentLimits.FORM_OVERHEAD_BYTES).isEqualTo(65536);
    }
}
