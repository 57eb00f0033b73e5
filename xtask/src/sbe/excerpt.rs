//! A small schema for tests.

/// The types of the schema.
const TYPES: &str = r#"<types>
    <composite name="messageHeader">
      <type name="blockLength" primitiveType="uint16"/><type name="templateId" primitiveType="uint16"/>
      <type name="schemaId" primitiveType="uint16"/><type name="version" primitiveType="uint16"/>
    </composite>
    <composite name="groupSizeEncoding">
      <type name="blockLength" primitiveType="uint16"/><type name="numInGroup" primitiveType="uint16"/>
    </composite>
    <composite name="text">
      <type name="length" primitiveType="uint8"/>
      <type name="varData" length="0" primitiveType="uint8" characterEncoding="UTF-8"/>
    </composite>
    <composite name="Price"><type name="mantissa" primitiveType="int64" nullValue="-9223372036854775808"/>
      <type name="exponent" primitiveType="int8" presence="constant">-8</type></composite>
    <composite name="Fine"><type name="mantissa" primitiveType="int64" nullValue="-9223372036854775808"/>
      <type name="exponent" primitiveType="int8" presence="constant">-12</type></composite>
    <composite name="MaybePrice">
      <type name="mantissa" primitiveType="int64" presence="optional" nullValue="-9223372036854775808"/>
      <type name="exponent" primitiveType="int8" presence="constant">-8</type></composite>
    <type name="Address" primitiveType="uint8" length="32"/>
    <enum name="Side" encodingType="uint8"><validValue name="BUY">1</validValue><validValue name="SELL">2</validValue></enum>
    <set name="Flags" encodingType="uint8"><choice name="A">0</choice></set>
  </types>"#;

/// A message of the schema.
pub const QUOTE: &str = r#"<sbe:message name="Quote" id="1">
    <field id="1" name="at" type="int64"/><field id="2" name="price" type="Price"/><field id="3" name="side" type="Side"/>
    <group id="4" name="levels"><field id="1" name="size" type="Price"/></group>
    <data id="5" name="market" type="text"/></sbe:message>"#;

/// A schema with these messages.
pub fn schema(version: u16, id: u16, body: &str) -> String {
    format!(
        "<sbe:messageSchema xmlns:sbe=\"http://fixprotocol.io/2016/sbe\" package=\"p\" id=\"{id}\" version=\"{version}\" \
         semanticVersion=\"1\" byteOrder=\"littleEndian\">{TYPES}{body}</sbe:messageSchema>"
    )
}
