package dev.errand;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import dev.errand.artifact.ArtifactReadRequest;
import dev.errand.artifact.AttachmentLimits;
import dev.errand.artifact.FinalizeItem;
import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.InlineArtifact;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.UploadArtifactsRequest;
import dev.errand.artifact.UploadItem;
import dev.errand.artifact.UploadLimits;
import dev.errand.error.ErrorCode;
import dev.errand.error.ErrorType;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.RequestException;
import dev.errand.error.Violation;
import dev.errand.internal.engine.PooledSecureRandom;
import dev.errand.internal.engine.UserAuthorship;
import dev.errand.internal.rules.ObjectPaths;
import dev.errand.internal.rules.ObjectTags;
import dev.errand.internal.rules.SafeNames;
import dev.errand.internal.rules.Slugs;
import dev.errand.internal.rules.Titles;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.PermissionModes;
import dev.errand.run.ReasoningEfforts;
import dev.errand.run.RelayMessageRequest;
import dev.errand.run.RunLimits;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.RunTransitions;
import dev.errand.run.RuntimeSelection;
import dev.errand.run.SetOutputRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.run.StateKey;
import dev.errand.run.StatusPolicy;
import dev.errand.run.UpdateRunRequest;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.OutputSchemas;
import dev.errand.task.Repositories;
import dev.errand.task.SummarizeTasksRequest;
import dev.errand.task.UpdateTaskRequest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which way the arrows point inside the core (design 1), and what nothing in it does. */
class ArchitectureTest {

    private static final JavaClasses CORE = core();

    private static final String SPI = "dev.errand.spi..";
    private static final String JACKSON = "com.fasterxml.jackson.core..";
    private static final String JACKSON_DATABIND = "com.fasterxml.jackson.databind..";
    private static final String JACKSON_ANNOTATION = "com.fasterxml.jackson.annotation..";
    private static final String SCHEMA_LIBRARY = "com.networknt..";

    private static final DescribedPredicate<JavaClass> REQUESTS =
            belongToAnyOf(
                            CreateTaskRequest.class,
                            UpdateTaskRequest.class,
                            RunTaskRequest.class,
                            CreateRunRequest.class,
                            StartRunRequest.class,
                            UpdateRunRequest.class,
                            SetOutputRequest.class,
                            AppendLogRequest.class,
                            PrepareUploadsRequest.class,
                            UploadItem.class,
                            FinalizeUploadsRequest.class,
                            FinalizeItem.class,
                            UploadArtifactsRequest.class,
                            InlineArtifact.class,
                            ArtifactReadRequest.class,
                            RelayMessageRequest.class,
                            SummarizeTasksRequest.class)
                    .as("requests");

    /** Tables and pure functions: facts in, decision out (design 2). */
    private static final DescribedPredicate<JavaClass> RULES =
            belongToAnyOf(
                            RunTransitions.class,
                            StatusPolicy.class,
                            PermissionModes.class,
                            ReasoningEfforts.class,
                            RuntimeSelection.class,
                            UserAuthorship.class,
                            StateKey.class,
                            RunLimits.class,
                            Slugs.class,
                            Titles.class,
                            Repositories.class,
                            SafeNames.class,
                            AttachmentLimits.class,
                            UploadLimits.class,
                            ObjectPaths.class,
                            ObjectTags.class)
                    .as("rules");

    /** Words that every layer shares. */
    private static final DescribedPredicate<JavaClass> VOCABULARY =
            belongToAnyOf(
                            ErrorCode.class,
                            ErrorType.class,
                            Violation.class,
                            InvalidRequestException.class,
                            RequestException.class)
                    .as("vocabulary of errors");

    private static final DescribedPredicate<JavaClass> FACADE =
            belongToAnyOf(Errand.class, ProjectClient.class).as("facade");

    private static final DescribedPredicate<JavaClass> OUTPUT_SCHEMAS =
            DescribedPredicate.describe(
                    "schemas of outputs",
                    (JavaClass one) ->
                            belongToAnyOf(OutputSchemas.class).test(one)
                                    || one.getFullName()
                                            .startsWith("dev.errand.task.SchemaEffort"));

    /** The packages that read and write JSON. */
    private static final DescribedPredicate<JavaClass> JSON =
            resideInAnyPackage(
                    "dev.errand.internal.json..",
                    "dev.errand.internal.wire..",
                    "dev.errand.wire..");

    // The libraries

    @Test
    void theCoreStandsOnTheSpiAndAFewLibraries() {
        check(
                classes()
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                "java..",
                                "javax.crypto..",
                                "dev.errand..",
                                JACKSON,
                                JACKSON_DATABIND,
                                JACKSON_ANNOTATION,
                                SCHEMA_LIBRARY,
                                "com.fasterxml.uuid..",
                                "jakarta.validation..",
                                "org.hibernate.validator..",
                                "org.slf4j.."));
    }

    @Test
    void onlyTheJsonPackagesAndTheSchemasUseJackson() {
        check(
                noClasses()
                        .that(not(JSON))
                        .and(not(OUTPUT_SCHEMAS))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(JACKSON, JACKSON_DATABIND));
    }

    @Test
    void onlyRequestsAndTheJsonPackagesUseJacksonsAnnotations() {
        check(
                noClasses()
                        .that(not(JSON))
                        .and(not(REQUESTS))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(JACKSON_ANNOTATION));
    }

    @Test
    void onlyTheSchemasKnowTheSchemaLibrary() {
        check(
                noClasses()
                        .that(not(OUTPUT_SCHEMAS))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(SCHEMA_LIBRARY));
    }

    @Test
    void onlyRequestsAndTheirValidatorUseHibernateValidator() {
        check(
                noClasses()
                        .that(not(REQUESTS))
                        .and(not(resideInAPackage("dev.errand.internal.wire..")))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("org.hibernate.validator.."));
    }

    // The layers

    @Test
    void rulesAreFactsInAndDecisionsOut() {
        check(
                classes()
                        .that(RULES)
                        .should()
                        .onlyDependOnClassesThat(
                                are(
                                        itemsOf(
                                                RULES.or(VOCABULARY)
                                                        .or(
                                                                resideInAnyPackage(
                                                                        "java.lang..",
                                                                        "java.util..",
                                                                        "java.time..",
                                                                        SPI))))));
    }

    @Test
    void rulesAskNoPort() {
        check(
                noClasses()
                        .that(RULES)
                        .should()
                        .dependOnClassesThat()
                        .haveNameMatching(
                                "dev\\.errand\\.spi\\..*(Store|Queue|Log|Directory|Launcher|Listener|Backend)"));
    }

    @Test
    void requestsAreReadWithoutTheEngine() {
        check(
                noClasses()
                        .that(REQUESTS)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "dev.errand.engine..", "dev.errand.dispatch..", "org.slf4j.."));
    }

    @Test
    void opaqueJsonKnowsNoDomain() {
        check(
                classes()
                        .that(resideInAPackage("dev.errand.internal.json.."))
                        .should()
                        .onlyDependOnClassesThat(
                                are(
                                        itemsOf(
                                                resideInAnyPackage(
                                                        "java..",
                                                        "dev.errand.internal.json..",
                                                        SPI,
                                                        JACKSON)))));
    }

    @Test
    void theEngineKnowsNoServiceAndNoJson() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage("dev.errand.engine..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "dev.errand.json..",
                                "dev.errand.task..",
                                "dev.errand.run..",
                                "dev.errand.artifact..",
                                "dev.errand.dispatch.."));
    }

    @Test
    void nobodyButTheFacadeKnowsTheDispatcher() {
        check(
                noClasses()
                        .that(not(resideInAPackage("dev.errand.dispatch..")))
                        .and(not(FACADE))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("dev.errand.dispatch.."));
    }

    @Test
    void nobodyKnowsTheFacade() {
        check(noClasses().that(not(FACADE)).should().dependOnClassesThat(FACADE));
    }

    @Test
    void artifactsKnowNeitherTasksNorRuns() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage("dev.errand.artifact..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("dev.errand.task..", "dev.errand.run.."));
    }

    // What comes in from outside

    @Test
    void timeComesFromTheClockOfTheEngine() {
        check(
                noClasses()
                        .should()
                        .callMethodWhere(
                                DescribedPredicate.describe(
                                        "it reads a clock of its own",
                                        ArchitectureTest::readsAClock)));
    }

    @Test
    void chanceComesFromTheRandomnessOfTheEngine() {
        check(
                noClasses()
                        .that(not(belongToAnyOf(PooledSecureRandom.class)))
                        .should()
                        .accessTargetWhere(
                                DescribedPredicate.describe(
                                        "it draws from a source of its own",
                                        ArchitectureTest::drawsByItself)));
    }

    @Test
    void nothingSleeps() {
        check(noClasses().should().callMethod(Thread.class, "sleep", long.class));
    }

    @Test
    void wordsGoThroughSlf4jAlone() {
        check(GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS);
        check(GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING);
    }

    /** An array depends on what its items are. */
    private static DescribedPredicate<JavaClass> itemsOf(
            DescribedPredicate<? super JavaClass> items) {
        return DescribedPredicate.describe(
                items.getDescription(),
                (JavaClass one) -> one.isPrimitive() || items.test(one.getBaseComponentType()));
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

    private static boolean drawsByItself(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        boolean made = access.getName().equals("<init>");
        return made
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
        // The rules are about names; to load what the core uses takes longer than all of them.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .importUrl(ErrorCode.class.getProtectionDomain().getCodeSource().getLocation());
    }
}
