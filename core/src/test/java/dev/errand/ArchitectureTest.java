package dev.errand;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.errand.error.ErrorCode;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The architecture rules of the core: layers, libraries, and sources of time and randomness. */
class ArchitectureTest {

    private static final JavaClasses CORE = core();

    private static final String ENTRY = "dev.errand";
    private static final String ENGINE = "dev.errand.internal.engine..";
    private static final String DISPATCH = "dev.errand.internal.dispatch..";
    private static final String RULES = "dev.errand.internal.rules..";
    private static final String[] PUBLIC_OPERATIONS = {
        "dev.errand.access..",
        "dev.errand.artifact..",
        "dev.errand.config..",
        "dev.errand.dispatch..",
        "dev.errand.error..",
        "dev.errand.run..",
        "dev.errand.task.."
    };
    private static final String[] JACKSON = {
        "com.fasterxml.jackson.core..", "com.fasterxml.jackson.databind.."
    };
    private static final String[] WIRE = {
        "dev.errand.internal.json..", "dev.errand.internal.wire..", "dev.errand.wire.."
    };
    private static final String SCHEMA_LIBRARY = "com.networknt..";
    private static final String SLF4J = "org.slf4j..";

    private static final DescribedPredicate<JavaClass> OUTPUT_SCHEMAS =
            DescribedPredicate.describe(
                    "output schemas", resideInAnyPackage("dev.errand.internal.schema.."));

    // Packages

    @Test
    void packagesFormNoCycle() {
        check(
                slices().assignedFrom(
                                new SliceAssignment() {
                                    @Override
                                    public SliceIdentifier getIdentifierOf(JavaClass one) {
                                        return SliceIdentifier.of(one.getPackageName());
                                    }

                                    @Override
                                    public String getDescription() {
                                        return "packages";
                                    }
                                })
                        .should()
                        .beFreeOfCycles());
    }

    @Test
    void internalPackagesAreNotExported() throws Exception {
        try (InputStream descriptor =
                Files.newInputStream(Path.of(coreClasses().toURI()).resolve("module-info.class"))) {
            List<String> exported =
                    ModuleDescriptor.read(descriptor).exports().stream()
                            .filter(export -> !export.isQualified())
                            .map(ModuleDescriptor.Exports::source)
                            .toList();
            assertThat(exported)
                    .contains(ENTRY, "dev.errand.run")
                    .noneMatch(name -> name.contains(".internal"));
        }
    }

    /** A service file has no effect on the module path. */
    @Test
    void theModuleProvidesTheServicesOfItsServiceFiles() throws Exception {
        Path classes = Path.of(coreClasses().toURI());
        try (InputStream descriptor = Files.newInputStream(classes.resolve("module-info.class"));
                Stream<Path> files = Files.list(classes.resolve("META-INF/services"))) {
            Map<String, List<String>> provided =
                    ModuleDescriptor.read(descriptor).provides().stream()
                            .collect(
                                    Collectors.toMap(
                                            ModuleDescriptor.Provides::service,
                                            ModuleDescriptor.Provides::providers));
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(
                            file ->
                                    assertThat(provided.get(file.getFileName().toString()))
                                            .isEqualTo(Files.readAllLines(file)));
        }
    }

    @Test
    void onlyTheEntryPointKnowsTheEngineAndTheDispatcher() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(PUBLIC_OPERATIONS)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(ENGINE, DISPATCH, ENTRY));
    }

    @Test
    void theEngineDoesNotKnowTheDispatcher() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(ENGINE)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(DISPATCH, ENTRY));
    }

    @Test
    void theDispatcherDoesNotKnowTheEntryPoint() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(DISPATCH)
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(ENTRY));
    }

    @Test
    void rulesDependOnValuesOnly() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(RULES)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                ENTRY,
                                ENGINE,
                                DISPATCH,
                                "dev.errand.config..",
                                "dev.errand.dispatch..",
                                "dev.errand.internal.wire..",
                                "java.io..",
                                "java.net..",
                                "java.nio..",
                                SLF4J));
    }

    @Test
    void rulesCallNoPort() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(RULES)
                        .should()
                        .dependOnClassesThat()
                        .haveNameMatching(
                                "dev\\.errand\\.spi\\..*(Store|Queue|Log|Directory|Launcher|Listener|Backend)"));
    }

    // Libraries

    @Test
    void theCoreUsesTheSpiAndAFewLibraries() {
        check(
                classes()
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                "java..",
                                "javax.crypto..",
                                "dev.errand..",
                                "com.fasterxml.jackson.core..",
                                "com.fasterxml.jackson.databind..",
                                "com.fasterxml.jackson.annotation..",
                                SCHEMA_LIBRARY,
                                "com.fasterxml.uuid..",
                                "jakarta.validation..",
                                "org.hibernate.validator..",
                                "org.jspecify.annotations",
                                SLF4J));
    }

    @Test
    void onlyTheWireAndTheSchemasUseJackson() {
        check(
                noClasses()
                        .that(not(resideInAnyPackage(WIRE)))
                        .and(not(OUTPUT_SCHEMAS))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(JACKSON));
    }

    @Test
    void onlyTheSchemasUseTheSchemaLibrary() {
        check(
                noClasses()
                        .that(not(OUTPUT_SCHEMAS))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(SCHEMA_LIBRARY));
    }

    @Test
    void onlyTheWireConfiguresTheValidator() {
        check(
                noClasses()
                        .that(not(resideInAnyPackage(WIRE)))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("org.hibernate.validator.messageinterpolation.."));
    }

    // Time, randomness, output

    @Test
    void timeComesFromTheClockOfTheEngine() {
        check(
                noClasses()
                        .should()
                        .callMethodWhere(
                                DescribedPredicate.describe(
                                        "it reads another clock", ArchitectureTest::readsAClock)));
    }

    @Test
    void randomnessComesFromTheSourceOfTheEngine() {
        check(
                noClasses()
                        .that(not(belongToAnyOf(Errand.class)))
                        .should()
                        .accessTargetWhere(
                                DescribedPredicate.describe(
                                        "it uses another source of randomness",
                                        ArchitectureTest::usesOtherRandomness)));
    }

    @Test
    void nothingSleeps() {
        check(noClasses().should().callMethod(Thread.class, "sleep", long.class));
    }

    @Test
    void loggingUsesSlf4jOnly() {
        check(GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS);
        check(GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING);
    }

    private static boolean readsAClock(JavaAccess<?> call) {
        JavaClass owner = call.getTargetOwner();
        String method = call.getName();
        boolean withoutClock =
                call.getTarget() instanceof CodeUnitCallTarget target
                        && target.getRawParameterTypes().isEmpty();
        return owner.isEquivalentTo(System.class) && method.equals("currentTimeMillis")
                || owner.isEquivalentTo(Clock.class)
                        && (method.startsWith("system") || method.startsWith("tick"))
                || owner.getPackageName().equals("java.time")
                        && method.equals("now")
                        && withoutClock;
    }

    private static boolean usesOtherRandomness(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        boolean created = access.getName().equals("<init>");
        return created
                        && (owner.isEquivalentTo(Random.class)
                                || owner.isEquivalentTo(SecureRandom.class))
                || owner.isEquivalentTo(Math.class) && access.getName().equals("random")
                || owner.isEquivalentTo(UUID.class) && access.getName().equals("randomUUID")
                || owner.getFullName().equals("java.util.concurrent.ThreadLocalRandom");
    }

    private static void check(ArchRule rule) {
        rule.check(CORE);
    }

    private static JavaClasses core() {
        // The rules need only the names of library classes, which are slow to load.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter().importUrl(coreClasses());
    }

    private static URL coreClasses() {
        return ErrorCode.class.getProtectionDomain().getCodeSource().getLocation();
    }
}
