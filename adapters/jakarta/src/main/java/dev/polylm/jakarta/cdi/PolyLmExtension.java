package dev.polylm.jakarta.cdi;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.jakarta.Model;
import dev.polylm.jakarta.config.ModelSettings;
import dev.polylm.jakarta.config.PolyLmSettings;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.build.compatible.spi.AnnotationBuilder;
import jakarta.enterprise.inject.build.compatible.spi.BuildCompatibleExtension;
import jakarta.enterprise.inject.build.compatible.spi.Parameters;
import jakarta.enterprise.inject.build.compatible.spi.Synthesis;
import jakarta.enterprise.inject.build.compatible.spi.SyntheticBeanBuilder;
import jakarta.enterprise.inject.build.compatible.spi.SyntheticBeanCreator;
import jakarta.enterprise.inject.build.compatible.spi.SyntheticComponents;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Makes beans of the configuration's models: a {@link PolyLm}, the {@link GenerationConfig} of its
 * settings, and LangChain4j's models if polylm-langchain4j is on the class path. Models with
 * adapters have such beans too, called MODEL:ADAPTER. A wrong key is an error of the deployment. So
 * is an injection point that asks for a model that the configuration does not name.
 *
 * <p>One object serves the whole application. The scope is Singleton, since ApplicationScoped needs
 * a client proxy, and a final class can't have one.
 */
public final class PolyLmExtension implements BuildCompatibleExtension {
  static final String NAME = "name";
  private static final boolean LANGCHAIN4J = isPresent("dev.polylm.langchain4j.PolyLmChatModel");

  private static boolean isPresent(String name) {
    try {
      Class.forName(name, false, PolyLmExtension.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Adds the beans. */
  @Synthesis
  public void addBeans(SyntheticComponents components) {
    PolyLmSettings settings = PolyLmSettings.read(ConfigProvider.getConfig());
    components
        .addBean(PolyLmSettings.class)
        .type(PolyLmSettings.class)
        .scope(Singleton.class)
        .createWith(SettingsCreator.class);
    List<ModelSettings> models = settings.models();
    for (int i = 0; i < models.size(); i++) {
      String name = models.get(i).name();
      addBeans(components, name, i == 0);
      for (String adapter : models.get(i).adapters().keySet()) {
        addBeans(components, name + ":" + adapter, false);
      }
    }
  }

  private static void addBeans(SyntheticComponents components, String name, boolean isDefault) {
    bean(components, PolyLm.class, name, isDefault).createWith(PolyLmCreator.class);
    bean(components, GenerationConfig.class, name, isDefault)
        .createWith(GenerationConfigCreator.class);
    if (LANGCHAIN4J) {
      LangChain4jBeans.add(components, name, isDefault);
    }
  }

  /** Adds a bean of one model; the caller still has to say how it is created. */
  static <T> SyntheticBeanBuilder<T> bean(
      SyntheticComponents components, Class<T> type, String name, boolean isDefault) {
    SyntheticBeanBuilder<T> bean =
        components.addBean(type).type(type).scope(Singleton.class).withParam(NAME, name);
    if (isDefault) {
      bean.qualifier(Default.class);
    }
    if (!name.isEmpty()) {
      bean.qualifier(AnnotationBuilder.of(Model.class).value(name).build());
    }
    return bean;
  }

  /** Reads the configuration. */
  public static final class SettingsCreator implements SyntheticBeanCreator<PolyLmSettings> {
    @Override
    public PolyLmSettings create(Instance<Object> lookup, Parameters parameters) {
      return PolyLmSettings.read(ConfigProvider.getConfig());
    }
  }

  /** Returns a model once it is open. */
  public static final class PolyLmCreator implements SyntheticBeanCreator<PolyLm> {
    @Override
    public PolyLm create(Instance<Object> lookup, Parameters parameters) {
      return ModelOfBean.of(parameters).await();
    }
  }

  /** Returns the generation settings that the configuration has for a model. */
  public static final class GenerationConfigCreator
      implements SyntheticBeanCreator<GenerationConfig> {
    @Override
    public GenerationConfig create(Instance<Object> lookup, Parameters parameters) {
      return ModelOfBean.of(parameters).defaults();
    }
  }
}
