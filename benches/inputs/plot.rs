//! Plots of the growth curves: both axes logarithmic, no background, in colours that show on white and on black.

use plotters::prelude::{
    ChartBuilder, Circle, DrawingArea, IntoDrawingArea, IntoLogRange, LineSeries, RGBColor, SVGBackend,
    SeriesLabelPosition, TextStyle,
};
use plotters::style::{Color, IntoFont};
use std::error::Error;
use std::path::Path;

/// Some curves over the same axes.
pub(crate) struct Panel<'a> {
    /// What is measured, with its unit.
    pub(crate) title: &'a str,
    /// What it is drawn over.
    pub(crate) over: &'a str,
    pub(crate) series: Vec<Series<'a>>,
}

/// A curve; without a name when it is the only one.
pub(crate) struct Series<'a> {
    pub(crate) name: &'a str,
    pub(crate) points: Vec<(f64, f64)>,
}

const WIDTH: u32 = 360;
const HEIGHT: u32 = 320;
/// Half-way between white and black.
const INK: RGBColor = RGBColor(128, 128, 128);
const CURVES: [RGBColor; 3] = [RGBColor(31, 135, 229), RGBColor(224, 108, 20), RGBColor(60, 160, 90)];

/// Draws panels side by side.
pub(crate) fn draw(path: &Path, panels: &[Panel<'_>]) {
    draw_all(path, panels).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn draw_all(path: &Path, panels: &[Panel<'_>]) -> Result<(), Box<dyn Error>> {
    let wide = if panels.len() == 1 { WIDTH * 2 } else { WIDTH * u32::try_from(panels.len())? };
    let root = SVGBackend::new(path, (wide, HEIGHT)).into_drawing_area();
    for (area, panel) in root.split_evenly((1, panels.len())).iter().zip(panels) {
        draw_one(area, panel)?;
    }
    root.present()?;
    Ok(())
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

fn draw_one(area: &Area<'_>, panel: &Panel<'_>) -> Result<(), Box<dyn Error>> {
    let points = || panel.series.iter().flat_map(|series| &series.points);
    let (left, right) = decades(points().map(|point| point.0));
    let (low, high) = decades(points().map(|point| point.1));
    // of less than two decades, every number would be written
    let high = high.max(low * 100.0);
    let text = |size: i32| TextStyle::from(("sans-serif", size).into_font()).color(&INK);
    let mut chart = ChartBuilder::on(area)
        .margin(10)
        .margin_right(28)
        .caption(panel.title, text(18))
        .x_label_area_size(38)
        .y_label_area_size(52)
        .build_cartesian_2d((left..right).log_scale(), (low..high).log_scale())?;
    chart
        .configure_mesh()
        .axis_style(INK)
        .bold_line_style(INK.mix(0.3))
        .light_line_style(INK.mix(0.1))
        .label_style(text(15))
        .x_desc(panel.over)
        .x_label_formatter(&shown)
        .y_label_formatter(&shown)
        .draw()?;
    for (series, colour) in panel.series.iter().zip(CURVES) {
        let line = chart.draw_series(LineSeries::new(series.points.iter().copied(), colour.stroke_width(2)))?;
        if !series.name.is_empty() {
            line.label(series.name).legend(move |(x, y)| Circle::new((x + 8, y), 4, colour.filled()));
        }
        chart.draw_series(series.points.iter().map(|point| Circle::new(*point, 3, colour.filled())))?;
    }
    if panel.series.iter().any(|series| !series.name.is_empty()) {
        // where no curve begins
        let is_high = points().next().is_some_and(|first| first.1 * first.1 > low * high);
        let place = if is_high { SeriesLabelPosition::LowerLeft } else { SeriesLabelPosition::UpperLeft };
        chart.configure_series_labels().position(place).label_font(text(15)).draw()?;
    }
    Ok(())
}

/// From the power of ten below to the one above.
fn decades(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), it| (low.min(it), high.max(it)));
    let (below, above) = (low.log10().floor(), high.log10().ceil());
    (10f64.powf(below), 10f64.powf(above.max(below + 1.0)))
}

/// A number of an axis: `300`, `10k`, `2M`.
fn shown(value: &f64) -> String {
    match *value {
        it if it >= 1e6 => format!("{}M", it / 1e6),
        it if it >= 1e3 => format!("{}k", it / 1e3),
        it => format!("{it}"),
    }
}
